package provider

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"

	"github.com/accessascode/terraform-provider-uipath/internal/adopt"
	"github.com/accessascode/terraform-provider-uipath/internal/taskmining"
	"github.com/accessascode/terraform-provider-uipath/internal/uipath"
)

// failure is an error in three parts: what was attempted, what went wrong in the server's words, and what to do.
func failure(title, attempted string, err error) diag.Diagnostic {
	happened := err.Error()
	if wrong, ok := errors.AsType[*uipath.SettingError](err); ok {
		_, _, happened = describeSetting(wrong)
	}
	return diag.NewErrorDiagnostic(title, paragraphs(attempted, happened, adviceFor(err)))
}

// attributeFailure is [failure] on the attribute at fault.
func attributeFailure(at path.Path, title, attempted string, err error) diag.Diagnostic {
	return diag.WithPath(at, failure(title, attempted, err))
}

func adviceFor(err error) string {
	switch {
	case errors.Is(err, taskmining.ErrOtherRoles):
		return "This is a newer generation of Task Mining. Assign its roles with uipath_role_assignment."
	case errors.Is(err, uipath.ErrTenantsNotResolved):
		return "This follows from resolve_tenants = false of the provider: give the GUID of the tenant."
	case errors.Is(err, uipath.ErrTimeout):
		return "The setting request_timeout of the provider bounds each attempt. Raise it if the server is slow."
	case errors.Is(err, context.DeadlineExceeded):
		return "The operation took too long. Plan again to see what was done. If it needs more time, raise the timeouts of the resource."
	case errors.Is(err, uipath.ErrUnauthorized):
		return "The credentials were accepted when the provider started. Check whether they have expired or been revoked since."
	case errors.Is(err, uipath.ErrForbidden):
		return "Ask an organization administrator for that right, or use the credentials of somebody who has it."
	case errors.Is(err, uipath.ErrNotFound):
		return "It is gone from the server. Plan again to see what is there now."
	}
	return ""
}

// paragraphs joins the parts of a message that there are.
func paragraphs(parts ...string) string { return joined("\n\n", parts) }

// sentences joins the sentences of a message that there are.
func sentences(parts ...string) string { return joined(" ", parts) }

func joined(separator string, parts []string) string {
	return strings.Join(slices.DeleteFunc(parts, func(part string) bool { return part == "" }), separator)
}

// namesOf returns what each is called, such as for [access.DidYouMean].
func namesOf[T any](all []T, name func(T) string) []string {
	names := make([]string, len(all))
	for i, one := range all {
		names[i] = name(one)
	}
	return names
}

// ambiguous lists what has the same name, and says how to tell it apart.
func ambiguous[T any](heading string, matches []T, line func(T) string, advice string) string {
	return fmt.Sprintf("%d %s:\n\n  %s\n\n%s", len(matches), heading, strings.Join(namesOf(matches, line), "\n  "), advice)
}

// label shows something by its name, anchored by its id.
func label[ID ~string](name string, id ID) string {
	if name == "" || name == string(id) {
		return string(id)
	}
	return fmt.Sprintf("%q (%s)", name, id)
}

// importBlock takes something on the server over into the state.
func importBlock(resourceType, id string) string {
	return "  " + strings.ReplaceAll(adopt.Block(resourceType+".NAME", id), "\n", "\n  ")
}

// takeOver offers the ways to manage something that exists already. There is only one for the same holder, such as "principal".
func takeOver(resourceType, id, holder string) string {
	return paragraphs("If it is in the state under another address, say so with a moved block:",
		fmt.Sprintf("  moved {\n    from = %[1]s.OLD\n    to   = %[1]s.NAME\n  }", resourceType),
		"If it is not in the state, import it:", importBlock(resourceType, id),
		"Such a block for each conflict of a plan is written by:", "  terraform plan -json | terraform-provider-uipath adopt -conflicts",
		fmt.Sprintf("A resource with create_before_destroy cannot be replaced by one for the same %s: remove that setting. Terraform tells the "+
			"provider nothing about a tainted resource: untaint it, and use -replace.", holder))
}
