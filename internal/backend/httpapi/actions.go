package httpapi

import (
	"github.com/accessascode/terraform-provider-uipath/internal/access"
	"github.com/accessascode/terraform-provider-uipath/internal/backend/catalogue"
	"github.com/accessascode/terraform-provider-uipath/internal/backend/rules"
)

// actionBody is a permission (contract 5.1).
type actionBody struct {
	ID                     access.GUID `json:"id"`
	Name                   string      `json:"name"`
	Namespace              string      `json:"namespace"`
	ServiceDisplayName     string      `json:"serviceDisplayName"`
	ResourceType           string      `json:"resourceType"`
	ResourceAction         string      `json:"resourceAction"`
	ResourceGroup          string      `json:"resourceGroup"`
	Description            string      `json:"description"`
	ScopeType              *string     `json:"scopeType"`
	OriginalResourceAction *string     `json:"originalResourceAction"`
}

func newActionBody(p catalogue.Permission) actionBody {
	return actionBody{
		ID: p.ID, Name: p.Name, Namespace: p.Namespace, ServiceDisplayName: p.ServiceDisplayName,
		ResourceType: p.ResourceType, ResourceAction: p.ResourceAction, ResourceGroup: p.ResourceGroup, Description: p.Description,
		ScopeType: orNull(p.ScopeType),
	}
}

func actionQuery(r *request) rules.ActionQuery {
	q := r.query("serviceName", "scopeType")
	return rules.ActionQuery{
		ServiceName: q.service(),
		ScopeType:   oneOf(q, "scopeType", "", words("ANY", "NONE", "ORGANIZATION", "TENANT", "FOLDER", "PROJECT", "PROCESS")),
	}
}
