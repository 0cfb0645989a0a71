package seed

import (
	"cmp"
	"slices"
	"strconv"

	"github.com/accessascode/terraform-provider-uipath/internal/access"
	"github.com/accessascode/terraform-provider-uipath/internal/backend/model"
)

func (r *reader) setting(n node, e settingEntry) model.Setting {
	s := model.Setting{ID: r.numbered(n, "setting", e.ID), Key: e.Key, Value: string(e.Value)}
	at := place{"setting", " of the organization"}
	if e.User != "" {
		user, _ := r.added(n.at("user"), principalRef{e.User, access.PrincipalUser}, "have a setting")
		s.UserID, at.in = user.id, " of "+e.User
	}
	// Keys are told apart by case.
	k := key{place: place{kind: "setting"}, name: s.UserID.String() + " " + s.Key}
	before, taken := r.lines[k]
	r.lines[k] = cmp.Or(before, n.Line)
	r.wrongIf(taken, n, "setting %q%s stands on line %d already", s.Key, at.in, before)
	return s
}

// number reads the number under a key, or 0 where there is none.
func (r *reader) number(n node, key string, number int64) int64 {
	given := n.at(key) != n
	r.wrongIf(given && (number <= 0 || number > model.MaxNumber), n.at(key), "%s %d is not a number from 1 to %d", key, number, model.MaxNumber)
	return number
}

// numbered reads the id of something that is numbered throughout the organization, or 0 where there is none.
func (r *reader) numbered(n node, what string, id int64) int64 {
	if id != 0 {
		r.once(n.at("id"), place{kind: what + " id"}, strconv.FormatInt(id, 10))
	}
	return r.number(n, "id", id)
}

// numberSecrets gives the secrets that have no id the next numbers, and sorts them.
func numberSecrets(applications []model.Application) {
	var last int64
	for _, a := range applications {
		for _, s := range a.Secrets {
			last = max(last, s.ID)
		}
	}
	for _, a := range applications {
		for i := range a.Secrets {
			last = number(&a.Secrets[i].ID, last)
		}
		slices.SortFunc(a.Secrets, func(a, b model.Secret) int { return cmp.Compare(a.ID, b.ID) })
	}
}

// numberSettings gives the settings that have no id the next numbers.
func numberSettings(settings []model.Setting) {
	var last int64
	for _, s := range settings {
		last = max(last, s.ID)
	}
	for i := range settings {
		last = number(&settings[i].ID, last)
	}
}

// number gives something that has no id the number after the last one, and returns the last one that is in use.
func number(id *int64, last int64) int64 {
	if *id == 0 {
		last++
		*id = last
	}
	return last
}
