package provider

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"maps"
	"slices"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/provider"
	"github.com/hashicorp/terraform-plugin-framework/providerserver"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6/tf6server"
	"github.com/vmihailenco/msgpack/v5"
)

// maxAnswer is the largest message that the plugin protocol carries, in bytes, less what stands around the values.
const maxAnswer = 256<<20 - 64<<10

// Serve speaks the plugin protocol with Terraform until Terraform is done. With debug it waits for a debugger's Terraform.
func Serve(address, version string, debug bool) error {
	var options []tf6server.ServeOpt
	if debug {
		options = append(options, tf6server.WithManagedDebug())
	}
	create := New(version)
	return tf6server.Serve(address, func() tfprotov6.ProviderServer { return NewServer(create()) }, options...)
}

// NewServer returns the provider as Terraform speaks with it: the framework's server, except for very large answers of data sources.
func NewServer(p provider.Provider) tfprotov6.ProviderServer {
	made := providerserver.NewProtocol6(p)()
	if framework, ok := made.(frameworkServer); ok {
		return server{framework}
	}
	return made
}

// frameworkServer is all that the framework's server can do.
type frameworkServer interface {
	tfprotov6.ProviderServer
	tfprotov6.ListResourceServer
	tfprotov6.ActionServer
	tfprotov6.StateStoreServer
}

type server struct{ frameworkServer }

// ReadDataSource reads a data source. What it leaves to this server is put in the place of the null that the framework has there.
func (s server) ReadDataSource(ctx context.Context, req *tfprotov6.ReadDataSourceRequest) (*tfprotov6.ReadDataSourceResponse, error) {
	large := largeValues{}
	resp, err := s.frameworkServer.ReadDataSource(context.WithValue(ctx, largeValuesKey{}, large), req)
	if err != nil || resp == nil || resp.State == nil || len(large) == 0 {
		return resp, err
	}
	state, size, err := large.insert(resp.State.MsgPack)
	switch {
	case err != nil:
		return resp, fmt.Errorf("encode the answer: %w", err)
	case size > maxAnswer:
		resp.State = nil
		resp.Diagnostics = append(resp.Diagnostics, &tfprotov6.Diagnostic{
			Severity: tfprotov6.DiagnosticSeverityError, Summary: "Too much for Terraform",
			Detail: fmt.Sprintf("The result has %d MB. Terraform takes at most %d MB from a provider at once. Ask for less: narrow the scope, set a "+
				"filter, or leave out what you do not need.", size/1_000_000, maxAnswer/1_000_000),
		})
	default:
		resp.State.MsgPack = state
	}
	return resp, nil
}

// largeValues are values of attributes that the framework sees as null, because it would copy them several times: it makes some 40 KB
// of a row of thirty attributes, and takes half a millisecond for it.
type largeValues map[string]largeValue

// largeValue writes the value of an attribute. It is called twice, first to find out the size.
type largeValue func(*msgpack.Encoder) error

type largeValuesKey struct{}

// setLarge leaves the value of an attribute to the server of [NewServer]. The framework must see the attribute as null.
func setLarge(ctx context.Context, attribute string, value largeValue, diags *diag.Diagnostics) {
	large, ok := ctx.Value(largeValuesKey{}).(largeValues)
	if !ok {
		diags.AddAttributeError(path.Root(attribute), "Value without a server", "This is a mistake in the provider: its server is not that of NewServer.")
		return
	}
	large[attribute] = value
}

// insert puts the values into a state in MessagePack, and returns the size of the result. One that is too large is not made.
func (l largeValues) insert(state []byte) (result []byte, size int, err error) {
	places, err := l.places(state)
	if err != nil {
		return nil, 0, err
	}
	count := &counter{}
	if err := l.write(count, state, places); err != nil || count.size > maxAnswer {
		return nil, count.size, err
	}
	buffer := bytes.NewBuffer(make([]byte, 0, count.size))
	err = l.write(buffer, state, places)
	return buffer.Bytes(), count.size, err
}

// places are where the nulls stand, by the attributes' names.
func (l largeValues) places(state []byte) (map[int]string, error) {
	reader := bytes.NewReader(state)
	decoder := msgpack.NewDecoder(reader)
	count, err := decoder.DecodeMapLen()
	if err != nil {
		return nil, err
	}
	places := map[int]string{}
	for range count {
		name, err := decoder.DecodeString()
		if err != nil {
			return nil, err
		}
		if _, ok := l[name]; ok {
			places[len(state)-reader.Len()] = name
		}
		if err := decoder.Skip(); err != nil {
			return nil, err
		}
	}
	if len(places) != len(l) {
		return nil, fmt.Errorf("the state has %d of %d attributes", len(places), len(l))
	}
	return places, nil
}

// write writes a state with the values in their places. A null is one byte.
func (l largeValues) write(to io.Writer, state []byte, places map[int]string) error {
	encoder := msgpack.NewEncoder(to)
	done := 0
	for _, place := range slices.Sorted(maps.Keys(places)) {
		if _, err := to.Write(state[done:place]); err != nil {
			return err
		}
		if err := l[places[place]](encoder); err != nil {
			return err
		}
		done = place + 1
	}
	_, err := to.Write(state[done:])
	return err
}

// counter counts what is written to it, in bytes.
type counter struct{ size int }

func (c *counter) Write(p []byte) (int, error) {
	c.size += len(p)
	return len(p), nil
}

// WriteString saves a copy.
func (c *counter) WriteString(s string) (int, error) {
	c.size += len(s)
	return len(s), nil
}

// WriteByte saves the encoder a buffer.
func (c *counter) WriteByte(byte) error {
	c.size++
	return nil
}
