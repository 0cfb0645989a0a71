package uipath

import (
	"context"
	"fmt"
	"testing"

	"github.com/accessascode/terraform-provider-uipath/internal/access"
)

// BenchmarkReadsOverRows asks n questions of n assignments, as the refresh of n resources does. It reports what one question costs,
// which should not grow with n.
func BenchmarkReadsOverRows(b *testing.B) {
	questions := map[string]func(*Client, context.Context, AssignmentKey) error{
		"assignment": func(c *Client, ctx context.Context, key AssignmentKey) error {
			_, err := c.Assignment(ctx, key)
			return err
		},
		"holding": func(c *Client, ctx context.Context, key AssignmentKey) error {
			_, err := c.Holding(ctx, key.Scope, key.PrincipalID)
			return err
		},
		"service": func(c *Client, ctx context.Context, key AssignmentKey) error {
			_, err := c.ServiceAssignments(ctx, "Task Mining", key.PrincipalID)
			return err
		},
		"role": func(c *Client, ctx context.Context, _ AssignmentKey) error {
			_, err := c.RolesNamed(ctx, "Role 1")
			return err
		},
	}
	for name, ask := range questions {
		for _, n := range []int{1000, 2000, 4000} {
			b.Run(fmt.Sprintf("%s/%d", name, n), func(b *testing.B) {
				a := &api{organization: Organization{ID: orgID}}
				c := &Client{api: a, exports: newExports(a), roles: newRoles(a)}
				c.assignments = newAssignments(a, c.roles, c.exports)
				c.roles.table.ask = func(context.Context, access.GUID) ([]Role, error) {
					return []Role{{ID: roleID(1), Name: "Role 1", Service: "TaskMining"}}, nil
				}
				c.index.ask = func(context.Context, assignmentQuestion) ([]Assignment, error) {
					rows := make([]Assignment, n)
					for i := range rows {
						rows[i] = Assignment{Key: keyOf(1, i, scopes[3]), ID: assignmentID(i), PrincipalType: access.PrincipalUser}
					}
					return rows, nil
				}
				for b.Loop() {
					for i := range n {
						if err := ask(c, b.Context(), keyOf(1, i, scopes[3])); err != nil {
							b.Fatal(err)
						}
					}
				}
				b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N*n), "ns/question")
			})
		}
	}
}
