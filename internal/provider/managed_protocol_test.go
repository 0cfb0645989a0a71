package provider_test

import (
	"maps"
	"slices"
	"strings"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

// managed is a type of resources that the protocol drives as Terraform does, with the checks that Terraform makes: what it calls a bug in
// the provider fails the test.
type managed struct {
	protocol

	typeName string
	kind     tftypes.Object
	block    *tfprotov6.SchemaBlock
}

func (p protocol) managed(typeName string) managed {
	p.t.Helper()
	schema := p.schema.ResourceSchemas[typeName]
	kind, ok := schema.ValueType().(tftypes.Object)
	if !ok {
		p.t.Fatalf("%s is of type %s", typeName, schema.ValueType())
	}
	return managed{p, typeName, kind, schema.Block}
}

// value reads a value of the resource.
func (m managed) value(dynamic *tfprotov6.DynamicValue) tftypes.Value {
	m.t.Helper()
	value, err := dynamic.Unmarshal(m.kind)
	if err != nil {
		m.t.Fatal(err)
	}
	return value
}

// shown are the strings of a state or a plan that are known.
func (m managed) shown(state *tfprotov6.DynamicValue) map[string]string {
	m.t.Helper()
	return m.strings(m.kind, state)
}

// edited is the state with other values of some attributes.
func (m managed) edited(kept held, values map[string]tftypes.Value) *tfprotov6.DynamicValue {
	m.t.Helper()
	attributes := m.attributes(m.kind, kept.state)
	maps.Copy(attributes, values)
	return m.dynamic(m.kind, tftypes.NewValue(m.kind, attributes))
}

// none is a resource that Terraform has not created yet.
func (m managed) none() held {
	return held{state: m.dynamic(m.kind, tftypes.NewValue(m.kind, nil))}
}

// refresh reads what Terraform keeps, as it is on the server now.
func (m managed) refresh(kept held) (held, []*tfprotov6.Diagnostic) {
	m.t.Helper()
	read, err := m.server.ReadResource(m.t.Context(), &tfprotov6.ReadResourceRequest{
		TypeName: m.typeName, CurrentState: kept.state, Private: kept.private, CurrentIdentity: kept.identity,
	})
	if err != nil {
		m.t.Fatal(err)
	}
	return held{read.NewState, read.Private, read.NewIdentity}, read.Diagnostics
}

// imported takes a resource over, as an import block with an identity does.
func (m managed) imported(identity *tfprotov6.ResourceIdentityData) held {
	m.t.Helper()
	return m.taken(&tfprotov6.ImportResourceStateRequest{TypeName: m.typeName, Identity: identity})
}

// importedBy takes a resource over by an import id.
func (m managed) importedBy(id string) held {
	m.t.Helper()
	return m.taken(&tfprotov6.ImportResourceStateRequest{TypeName: m.typeName, ID: id})
}

func (m managed) taken(request *tfprotov6.ImportResourceStateRequest) held {
	m.t.Helper()
	imported, err := m.server.ImportResourceState(m.t.Context(), request)
	if err != nil {
		m.t.Fatal(err)
	}
	m.noErrors(imported.Diagnostics)
	found := imported.ImportedResources[0]
	read, diagnostics := m.refresh(held{found.State, found.Private, found.Identity})
	m.noErrors(diagnostics)
	if m.value(read.state).IsNull() {
		m.t.Fatalf("%q is not there", request.ID)
	}
	return read
}

// written is the configuration that Terraform writes of a resource, after it was validated.
func (m managed) written(resource *tfprotov6.DynamicValue) map[string]tftypes.Value {
	m.t.Helper()
	generated, err := m.server.GenerateResourceConfig(m.t.Context(), &tfprotov6.GenerateResourceConfigRequest{TypeName: m.typeName, State: resource})
	if err != nil {
		m.t.Fatal(err)
	}
	m.noErrors(generated.Diagnostics)
	for _, d := range m.validated(generated.Config) {
		m.t.Errorf("the generated configuration is refused: %s: %s", d.Summary, d.Detail)
	}
	return m.attributes(m.kind, generated.Config)
}

func (m managed) validated(config *tfprotov6.DynamicValue) []*tfprotov6.Diagnostic {
	m.t.Helper()
	validated, err := m.server.ValidateResourceConfig(m.t.Context(), &tfprotov6.ValidateResourceConfigRequest{TypeName: m.typeName, Config: config})
	if err != nil {
		m.t.Fatal(err)
	}
	return validated.Diagnostics
}

// without is a configuration without some of its attributes.
func without(config map[string]tftypes.Value, names ...string) map[string]tftypes.Value {
	fewer := maps.Clone(config)
	maps.DeleteFunc(fewer, func(name string, _ tftypes.Value) bool { return slices.Contains(names, name) })
	return fewer
}

// intention is a plan.
type intention struct {
	prior  held
	config map[string]tftypes.Value
	// planned is what comes after prior, or in its place if the change of an attribute replaces it.
	planned     held
	replaces    []string
	diagnostics []*tfprotov6.Diagnostic
}

// noop reports whether nothing is to be done.
func (m managed) noop(plan intention) bool {
	return len(plan.replaces) == 0 && m.value(plan.prior.state).Equal(m.value(plan.planned.state))
}

// refusals are what validating and planning a configuration say.
func (m managed) refusals(prior held, config map[string]tftypes.Value) []*tfprotov6.Diagnostic {
	m.t.Helper()
	said := m.validated(m.object(m.block, config))
	if len(said) == 0 {
		_, said = m.ask(prior, config)
	}
	return said
}

// plan plans a configuration, a replacement twice as Terraform does.
func (m managed) plan(prior held, config map[string]tftypes.Value) intention {
	m.t.Helper()
	m.noErrors(m.validated(m.object(m.block, config)))
	answer, diagnostics := m.ask(prior, config)
	m.noErrors(diagnostics)
	plan := intention{prior: prior, config: config, diagnostics: diagnostics}
	for _, at := range answer.RequiresReplace {
		plan.replaces = append(plan.replaces, strings.TrimSuffix(strings.TrimPrefix(at.String(), `AttributeName("`), `")`))
	}
	slices.Sort(plan.replaces)
	if len(plan.replaces) > 0 {
		again := m.none()
		again.private = answer.PlannedPrivate
		answer, diagnostics = m.ask(again, config)
		m.noErrors(diagnostics)
		plan.diagnostics = append(plan.diagnostics, diagnostics...)
	}
	plan.planned = held{answer.PlannedState, answer.PlannedPrivate, answer.PlannedIdentity}
	return plan
}

// ask plans once, and checks what the provider may plan.
func (m managed) ask(prior held, config map[string]tftypes.Value) (*tfprotov6.PlanResourceChangeResponse, []*tfprotov6.Diagnostic) {
	m.t.Helper()
	before := m.value(prior.state)
	var had map[string]tftypes.Value
	if !before.IsNull() {
		had = m.attributes(m.kind, prior.state)
	}
	proposed := map[string]tftypes.Value{}
	for _, attribute := range m.block.Attributes {
		null := tftypes.NewValue(m.kind.AttributeTypes[attribute.Name], nil)
		given, ok := config[attribute.Name]
		last, known := had[attribute.Name]
		switch {
		case ok && !given.IsNull():
			proposed[attribute.Name] = given
		case attribute.Computed && known:
			proposed[attribute.Name] = last
		default:
			proposed[attribute.Name] = null
		}
	}
	answer, err := m.server.PlanResourceChange(m.t.Context(), &tfprotov6.PlanResourceChangeRequest{
		TypeName: m.typeName, Config: m.object(m.block, config), PriorState: prior.state, PriorPrivate: prior.private, PriorIdentity: prior.identity,
		ProposedNewState: m.dynamic(m.kind, tftypes.NewValue(m.kind, proposed)),
	})
	if err != nil {
		m.t.Fatal(err)
	}
	if slices.ContainsFunc(answer.Diagnostics, func(d *tfprotov6.Diagnostic) bool { return d.Severity == tfprotov6.DiagnosticSeverityError }) {
		return answer, answer.Diagnostics
	}
	for name, planned := range m.attributes(m.kind, answer.PlannedState) {
		given, ok := config[name]
		last, known := had[name]
		if ok && !given.IsNull() && !planned.Equal(given) && (!known || last.IsNull() || !planned.Equal(last)) {
			m.t.Errorf("invalid plan: %s = %s is planned as %s", name, given, planned)
		}
	}
	return answer, answer.Diagnostics
}

// apply carries out a plan of another run: it plans once more, as Terraform does, and the result is what was planned as far as that was known.
func (m managed) apply(plan intention) held {
	m.t.Helper()
	prior := plan.prior
	if len(plan.replaces) > 0 {
		m.destroy(prior)
		prior = m.none()
		prior.private = plan.planned.private
	}
	answer, diagnostics := m.ask(prior, plan.config)
	m.noErrors(diagnostics)
	m.consistent("final plan", plan.planned.state, answer.PlannedState)
	done, err := m.server.ApplyResourceChange(m.t.Context(), &tfprotov6.ApplyResourceChangeRequest{
		TypeName: m.typeName, Config: m.object(m.block, plan.config), PriorState: prior.state, PlannedState: answer.PlannedState,
		PlannedPrivate: answer.PlannedPrivate, PlannedIdentity: answer.PlannedIdentity,
	})
	if err != nil {
		m.t.Fatal(err)
	}
	m.noErrors(done.Diagnostics)
	m.consistent("result", answer.PlannedState, done.NewState)
	return held{done.NewState, done.Private, done.NewIdentity}
}

// consistent expects that nothing that was known has changed.
func (m managed) consistent(what string, before, after *tfprotov6.DynamicValue) {
	m.t.Helper()
	now := m.attributes(m.kind, after)
	for name, was := range m.attributes(m.kind, before) {
		if was.IsFullyKnown() && !was.Equal(now[name]) {
			m.t.Errorf("inconsistent %s: %s was %s, but now %s", what, name, was, now[name])
		}
	}
}

func (m managed) destroy(kept held) {
	m.t.Helper()
	null := m.none().state
	plan, err := m.server.PlanResourceChange(m.t.Context(), &tfprotov6.PlanResourceChangeRequest{
		TypeName: m.typeName, Config: null, ProposedNewState: null, PriorState: kept.state, PriorPrivate: kept.private, PriorIdentity: kept.identity,
	})
	if err != nil {
		m.t.Fatal(err)
	}
	m.noErrors(plan.Diagnostics)
	done, err := m.server.ApplyResourceChange(m.t.Context(), &tfprotov6.ApplyResourceChangeRequest{
		TypeName: m.typeName, Config: null, PriorState: kept.state, PlannedState: plan.PlannedState, PlannedPrivate: plan.PlannedPrivate,
		PlannedIdentity: plan.PlannedIdentity,
	})
	if err != nil {
		m.t.Fatal(err)
	}
	m.noErrors(done.Diagnostics)
}

// unchanged plans a configuration for what was read, and expects nothing to do.
func (m managed) unchanged(read held, config map[string]tftypes.Value) {
	m.t.Helper()
	if plan := m.plan(read, config); !m.noop(plan) {
		m.t.Errorf("planning %v changes %s\nto %s, and replaces because of %v", config, m.value(read.state), m.value(plan.planned.state), plan.replaces)
	}
}
