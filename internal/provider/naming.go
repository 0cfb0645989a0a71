package provider

import (
	"context"
	"fmt"
	"slices"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/types"
)

// pair is the two members of a resource that stand for one object: its id, and its name. The author gives one of them or both.
type pair struct {
	id   canonicalString
	name types.String
}

// known reports whether the object is decided.
func (p pair) known() bool { return !p.id.IsUnknown() && !p.id.IsNull() }

// named is an object that an id or a name stands for.
type named[T any] struct {
	// id is what x_id shows. It is "" for an object that this run is still to make.
	id string
	// name is what x_name shows, "" where the object has no name that could be written.
	name string
	// answersTo reports whether a text names the object: x_name, or another of its names.
	answersTo func(string) bool
	value     T
}

// needOne refuses a configuration that gives neither the id nor the name of an object.
func needOne(config pair, what, id, name string, diags *diag.Diagnostics) {
	if config.id.IsNull() && config.name.IsNull() {
		diags.AddError("Missing "+what, fmt.Sprintf("Neither %s nor %s is set. Give one of them.", name, id))
	}
}

// naming says how objects of one kind are found by their ids and names. Lookups add an error and return nil where they find none.
type naming[T any] struct {
	// what the object is called in messages, such as "role".
	what string
	// idAttribute and nameAttribute are the two members.
	idAttribute, nameAttribute string
	form                       *canonicalForm
	byID                       func(ctx context.Context, id string, diags *diag.Diagnostics) *named[T]
	byName                     func(ctx context.Context, name string, diags *diag.Diagnostics) *named[T]
	// madeAnew returns the object of a name that this run makes, nil where it makes none. It is nil for kinds that no run makes.
	madeAnew func(name string) *named[T]
}

// settled is a pair as it is planned, and the object where it was looked up for that.
type settled[T any] struct {
	pair
	object *named[T]
}

// settle plans a pair. prior is what the state has, nil for a resource that is to be created; meant are the names that have stood for
// prior's object.
//
// An id decides. A name whose text has not changed stands for the object that it stood for, whatever has happened to names since, unless
// this run makes an object of that name. Any other name is looked up.
func (n naming[T]) settle(ctx context.Context, config pair, prior *pair, meant []string, diags *diag.Diagnostics) settled[T] {
	switch {
	case config.id.IsUnknown(), config.id.IsNull() && config.name.IsUnknown():
		return n.undecided(config)
	case !config.id.IsNull():
		return n.settleID(ctx, config, prior, diags)
	}
	name := config.name.ValueString()
	if prior != nil && prior.known() && (name == prior.name.ValueString() || slices.Contains(meant, name)) {
		return n.settleMeant(ctx, name, *prior, diags)
	}
	return n.settleName(ctx, name, prior, diags)
}

// undecided is a pair whose object is known only after apply. A name beside an unknown id is taken as it is.
func (n naming[T]) undecided(config pair) settled[T] {
	if config.name.IsNull() {
		config.name = types.StringUnknown()
	}
	return settled[T]{pair: pair{n.form.unknown(), config.name}}
}

// settleID plans a pair whose id is given.
func (n naming[T]) settleID(ctx context.Context, config pair, prior *pair, diags *diag.Diagnostics) settled[T] {
	if prior != nil && config.id.sameMeaning(prior.id) {
		return n.settleSameID(ctx, config, *prior, diags)
	}
	found := n.byID(ctx, config.id.ValueString(), diags)
	if found == nil {
		return settled[T]{pair: config}
	}
	switch {
	case config.name.IsNull():
		config.name = optionalString(found.name)
	case !config.name.IsUnknown() && !found.answersTo(config.name.ValueString()):
		diags.AddAttributeError(path.Root(n.nameAttribute), "Id and name of different objects", fmt.Sprintf(
			"%s = %q is the %s %q, and %s says %s. Leave one of them out, or let both mean the same %s.", n.idAttribute, config.id.ValueString(), n.what,
			found.name, n.nameAttribute, config.name, n.what))
	}
	return settled[T]{config, found}
}

// settleSameID plans a pair whose id is that of the state. A name beside it that is none of the object's is no error: an error would block
// a destroy too.
func (n naming[T]) settleSameID(ctx context.Context, config, prior pair, diags *diag.Diagnostics) settled[T] {
	config.id = prior.id
	switch {
	case config.name.IsNull():
		config.name = prior.name
	case config.name.IsUnknown(), config.name.Equal(prior.name):
	default:
		found := n.lookQuietly(ctx, prior)
		if found == nil || !found.answersTo(config.name.ValueString()) {
			n.warnOfName(ctx, config.name.ValueString(), prior, found, diags)
			config.name = prior.keptName(config.name)
		}
		return settled[T]{config, found}
	}
	return settled[T]{pair: config}
}

// settleMeant plans a name that stood for the state's object before.
func (n naming[T]) settleMeant(ctx context.Context, name string, prior pair, diags *diag.Diagnostics) settled[T] {
	if n.madeAnew != nil {
		if made := n.madeAnew(name); made != nil && (made.id == "" || !n.form.same(made.id, prior.id.ValueString())) {
			return n.toObject(name, made, &prior)
		}
	}
	if name == prior.name.ValueString() {
		return settled[T]{pair: prior}
	}
	found := n.lookQuietly(ctx, prior)
	if found != nil && found.answersTo(name) {
		prior.name = types.StringValue(name)
	} else {
		n.warnOfName(ctx, name, prior, found, diags)
		prior.name = prior.keptName(types.StringValue(name))
	}
	return settled[T]{prior, found}
}

// keptName is the name that a plan keeps, whatever else the author has written. Terraform refuses a plan without any.
func (p pair) keptName(written types.String) types.String {
	if p.name.IsNull() {
		return written
	}
	return p.name
}

// settleName plans a name that is looked up.
func (n naming[T]) settleName(ctx context.Context, name string, prior *pair, diags *diag.Diagnostics) settled[T] {
	found := n.byName(ctx, name, diags)
	if found == nil {
		return settled[T]{pair: pair{n.form.unknown(), types.StringValue(name)}}
	}
	return n.toObject(name, found, prior)
}

func (n naming[T]) toObject(name string, found *named[T], prior *pair) settled[T] {
	result := settled[T]{pair{n.form.unknown(), types.StringValue(name)}, found}
	switch {
	case found.id == "":
	case prior != nil && n.form.same(found.id, prior.id.ValueString()):
		result.id = prior.id
	default:
		result.id = n.form.value(found.id)
	}
	return result
}

// lookQuietly looks up what the state has. An object that is gone, or may not be read, is nil.
func (n naming[T]) lookQuietly(ctx context.Context, prior pair) *named[T] {
	var ignored diag.Diagnostics
	return n.byID(ctx, prior.id.ValueString(), &ignored)
}

// warnOfName says that a name of the configuration is not that of the object that it stands for.
func (n naming[T]) warnOfName(ctx context.Context, name string, prior pair, found *named[T], diags *diag.Diagnostics) {
	id := prior.id.ValueString()
	text := fmt.Sprintf("%s = %q stands for the %s %s, which is gone.", n.nameAttribute, name, n.what, label(prior.name.ValueString(), id))
	if found != nil {
		text = fmt.Sprintf("%s = %q stands for the %s %s, which is called %q now. It stays the same %s. Write %s = %q.", n.nameAttribute, name,
			n.what, id, found.name, n.what, n.nameAttribute, found.name)
	}
	var ignored diag.Diagnostics
	if other := n.byName(ctx, name, &ignored); other != nil && other.id != "" && !n.form.same(other.id, id) {
		text += fmt.Sprintf(" Another %s is called %q now. To mean that one, write %s = %q.", n.what, name, n.idAttribute, other.id)
	}
	diags.AddAttributeWarning(path.Root(n.nameAttribute), "Name out of date", text)
}

// refreshed returns a pair of the state as the server has it now. The text of the state stays while it names the object; of an object that is
// gone the last known name stays.
func refreshed[T any](state pair, found *named[T]) pair {
	if found != nil && (state.name.IsNull() || !found.answersTo(state.name.ValueString())) {
		state.name = optionalString(found.name)
	}
	return state
}

// changes reports whether a planned pair stands for another object than that of the state, or may do so.
func (p pair) changes(prior pair) bool { return !p.id.sameMeaning(prior.id) }

// text returns what the object is called in words: its name, or else its id. It reports false while that is unknown.
func (p pair) text() (string, bool) {
	switch {
	case p.name.ValueString() != "":
		return p.name.ValueString(), true
	case p.name.IsUnknown(), !p.known():
		return "", false
	}
	return p.id.form.spell(p.id.ValueString()), true
}

// label shows the object by its name, anchored by its id, as far as they are known.
func (p pair) label() string {
	if !p.known() {
		return fmt.Sprintf("%q", p.name.ValueString())
	}
	return label(p.name.ValueString(), p.id.form.spell(p.id.ValueString()))
}
