package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"

	"github.com/hashicorp/go-hclog"
	"github.com/hashicorp/go-plugin"
	"google.golang.org/grpc"
	"google.golang.org/protobuf/encoding/protowire"

	"github.com/accessascode/terraform-provider-uipath/internal/tools/environ"
)

// pluginProcess is a provider that the benchmark has started itself, as Terraform does, to time what Terraform's own work would
// hide. It speaks as much of protocol 6 as that takes; the generated client is Terraform's own and cannot be imported.
type pluginProcess struct {
	client *plugin.Client
	conn   *grpc.ClientConn
}

// startPlugin starts a provider and returns when it can be called.
func startPlugin(ctx context.Context, program string, environment ...string) (*pluginProcess, error) {
	cmd := exec.CommandContext(ctx, program)
	cmd.Env = append(environ.Without(os.Environ(), "TF_", "UIPATH_", "BENCH_"), environment...)
	client := plugin.NewClient(&plugin.ClientConfig{
		HandshakeConfig: plugin.HandshakeConfig{
			MagicCookieKey: "TF_PLUGIN_MAGIC_COOKIE", MagicCookieValue: "d602bf8f470bc67ca7faa0386276bbdd4330efaf76d1a219cb4d6991ca9872b2",
		},
		VersionedPlugins: map[int]plugin.PluginSet{6: {"provider": connection{}}},
		AllowedProtocols: []plugin.Protocol{plugin.ProtocolGRPC},
		AutoMTLS:         true, Cmd: cmd, SkipHostEnv: true, Logger: hclog.NewNullLogger(),
	})
	protocol, err := client.Client()
	if err != nil {
		client.Kill()
		return nil, err
	}
	grpcClient, ok := protocol.(*plugin.GRPCClient)
	if !ok {
		client.Kill()
		return nil, fmt.Errorf("%s speaks %T", program, protocol)
	}
	return &pluginProcess{client, grpcClient.Conn}, nil
}

// stop returns when the process has ended.
func (p *pluginProcess) stop() { p.client.Kill() }

// configure reads the schema and configures the provider, as Terraform does at the start.
func (p *pluginProcess) configure(ctx context.Context, attributes map[string]any) error {
	var schema []byte
	if err := p.call(ctx, "GetProviderSchema", nil, &schema); err != nil {
		return err
	}
	request := protowire.AppendTag(nil, 1, protowire.BytesType)
	request = protowire.AppendString(request, "1.14.0")
	request, err := appendObject(request, 2, attributes)
	if err != nil {
		return err
	}
	var response []byte
	if err := p.call(ctx, "ConfigureProvider", request, &response); err != nil {
		return err
	}
	return problem(response, 1)
}

// readDataSource returns the size of the answer in bytes.
func (p *pluginProcess) readDataSource(ctx context.Context, typeName string, attributes map[string]any) (int, error) {
	request := protowire.AppendTag(nil, 1, protowire.BytesType)
	request = protowire.AppendString(request, typeName)
	request, err := appendObject(request, 2, attributes)
	if err != nil {
		return 0, err
	}
	var response []byte
	if err := p.call(ctx, "ReadDataSource", request, &response); err != nil {
		return 0, err
	}
	return len(response), problem(response, 2)
}

func (p *pluginProcess) call(ctx context.Context, method string, request []byte, response *[]byte) error {
	return p.conn.Invoke(ctx, "/tfplugin6.Provider/"+method, request, response, grpc.ForceCodec(verbatim{}))
}

// appendObject appends a DynamicValue, which holds JSON in its second field.
func appendObject(message []byte, field protowire.Number, attributes map[string]any) ([]byte, error) {
	object, err := json.Marshal(attributes)
	if err != nil {
		return nil, err
	}
	value := protowire.AppendBytes(protowire.AppendTag(nil, 2, protowire.BytesType), object)
	return protowire.AppendBytes(protowire.AppendTag(message, field, protowire.BytesType), value), nil
}

// problem returns the errors among the diagnostics in a field of a response.
func problem(response []byte, field protowire.Number) error {
	var found []error
	err := eachField(response, func(number protowire.Number, value []byte) error {
		if number != field {
			return nil
		}
		texts, severity := map[protowire.Number]string{}, uint64(0)
		err := eachField(value, func(number protowire.Number, value []byte) error {
			if number == 1 {
				severity, _ = protowire.ConsumeVarint(value)
			}
			texts[number] = string(value)
			return nil
		})
		if severity == 1 {
			found = append(found, fmt.Errorf("%s: %s", texts[2], texts[3]))
		}
		return err
	})
	return errors.Join(append(found, err)...)
}

// eachField calls do for each field of a message; the value of a number is its varint.
func eachField(message []byte, do func(protowire.Number, []byte) error) error {
	for len(message) > 0 {
		number, kind, n := protowire.ConsumeTag(message)
		if n < 0 {
			return protowire.ParseError(n)
		}
		message = message[n:]
		n = protowire.ConsumeFieldValue(number, kind, message)
		if n < 0 {
			return protowire.ParseError(n)
		}
		value := message[:n]
		if kind == protowire.BytesType {
			value, _ = protowire.ConsumeBytes(message)
		}
		if err := do(number, value); err != nil {
			return err
		}
		message = message[n:]
	}
	return nil
}

// verbatim leaves messages as they are.
type verbatim struct{}

func (verbatim) Name() string { return "proto" }

func (verbatim) Marshal(v any) ([]byte, error) {
	message, ok := v.([]byte)
	if !ok {
		return nil, fmt.Errorf("a message is bytes, not %T", v)
	}
	return message, nil
}

func (verbatim) Unmarshal(data []byte, v any) error {
	message, ok := v.(*[]byte)
	if !ok {
		return fmt.Errorf("a message is bytes, not %T", v)
	}
	*message = append([]byte(nil), data...)
	return nil
}

// connection is the plugin, of which only the connection is wanted.
type connection struct {
	plugin.NetRPCUnsupportedPlugin
}

func (connection) GRPCServer(*plugin.GRPCBroker, *grpc.Server) error { return errors.ErrUnsupported }

func (connection) GRPCClient(context.Context, *plugin.GRPCBroker, *grpc.ClientConn) (any, error) {
	return nil, errors.ErrUnsupported
}
