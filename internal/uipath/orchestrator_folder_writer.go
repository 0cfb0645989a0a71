package uipath

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"sync"

	"golang.org/x/sync/errgroup"
)

// folderWrite changes who has which role at folders. Each write replaces all roles that an account has at a folder (contract 8.7-1), and no
// call adds one. So every round reads the folders, joins what is there with what is asked for, writes, and looks again. It ends when
// everything is as it should be.
type folderWrite struct {
	*memberWriter
	// pending are the changes that are not seen yet.
	pending []*memberChange
}

// sameAccounts divides changes at folders: those of one folder belong together, and folders where the same accounts change, because one
// request takes several folders for the same accounts.
func sameAccounts(items []*memberChange) [][]*memberChange {
	byFolder := map[int64][]*memberChange{}
	for _, item := range items {
		byFolder[item.key.folder] = append(byFolder[item.key.folder], item)
	}
	together := map[string][]*memberChange{}
	for _, folder := range slices.Sorted(maps.Keys(byFolder)) {
		accounts := fmt.Sprint(usersOf(byFolder[folder]))
		together[accounts] = append(together[accounts], byFolder[folder]...)
	}
	var all [][]*memberChange
	for _, accounts := range slices.Sorted(maps.Keys(together)) {
		all = append(all, together[accounts])
	}
	return all
}

// usersOf returns whom changes are about, sorted, each once.
func usersOf(items []*memberChange) []int64 {
	return distinct(items, func(k memberKey) int64 { return k.user })
}

// foldersOf returns where changes are, sorted, each once.
func foldersOf(items []*memberChange) []int64 {
	return distinct(items, func(k memberKey) int64 { return k.folder })
}

func distinct(items []*memberChange, part func(memberKey) int64) []int64 {
	parts := make([]int64, len(items))
	for i, item := range items {
		parts[i] = part(item.key)
	}
	slices.Sort(parts)
	return slices.Compact(parts)
}

// run goes round until nothing is pending, as often as the settings allow.
func (w *folderWrite) run(ctx context.Context) {
	for round := 1; ; round++ {
		if err := w.look(ctx); err != nil {
			w.fail(err)
			return
		}
		switch {
		case len(w.pending) == 0:
			return
		case round > w.rest.MaxRetries()+1:
			w.fail(errors.New("it was sent and could not be seen afterwards: somebody else changes the same account at the same folder, " +
				"or the server shows late what it was sent"))
			return
		case round > 1:
			// What was sent is not there: it was lost, taken away, or cannot be seen yet.
			if err := w.rest.Wait(ctx, round-1, nil); err != nil {
				w.fail(err)
				return
			}
			if err := w.look(ctx); err != nil {
				w.fail(err)
				return
			}
		}
		w.send(ctx)
	}
}

// look reads the folders, and gives those their results that are as they should be.
func (w *folderWrite) look(ctx context.Context) error {
	var group errgroup.Group
	group.SetLimit(parallelWrites)
	for _, folder := range foldersOf(w.pending) {
		group.Go(func() error { return w.members.reread(ctx, memberQuestion{folder: folder}) })
	}
	if err := group.Wait(); err != nil {
		return err
	}
	w.pending = slices.DeleteFunc(w.pending, func(item *memberChange) bool {
		_, there := w.members.get(item.key)
		switch {
		case there != item.add:
			return false
		case item.add && !item.sent:
			item.finish(&OrchestratorGrantExistsError{item.grant})
		default:
			w.done(item)
		}
		return true
	})
	return nil
}

// fail gives the pending changes an error. What was sent may have happened.
func (w *folderWrite) fail(err error) {
	for _, item := range w.pending {
		w.doubt(item)
		if item.sent {
			item.finish(&OrchestratorGrantOutcomeUnknownError{item.grant, err})
		} else {
			item.finish(err)
		}
	}
	w.pending = nil
}

// folderRoles are the roles of accounts at a folder, and folderAssignments those of some accounts at folders (contract 8.7-1).
type folderRoles struct {
	Folder int64   `json:"FolderId"`
	Roles  []int32 `json:"RoleIds"`
}

type folderAssignments struct {
	Users   []int64       `json:"UserIds"`
	Folders []folderRoles `json:"RolesPerFolder"`
}

// send writes what the pending changes make of what is there: one request for the accounts that are to have the same roles at the same folders,
// and one for each account that loses its last role at a folder. A change that is refused gets its result.
func (w *folderWrite) send(ctx context.Context) {
	assigned, removed := w.plan()
	refused := refusals{byKey: map[folderUser]error{}}
	var group errgroup.Group
	group.SetLimit(parallelWrites)
	for _, request := range assigned {
		group.Go(func() error {
			w.assign(ctx, request, &refused)
			return nil
		})
	}
	for _, place := range removed {
		group.Go(func() error {
			w.remove(ctx, place, &refused)
			return nil
		})
	}
	_ = group.Wait()
	w.pending = slices.DeleteFunc(w.pending, func(item *memberChange) bool {
		err, ok := refused.byKey[folderUser{item.key.folder, item.key.user}]
		if ok {
			w.doubt(item)
			item.finish(err)
		}
		item.sent = true
		return ok
	})
}

// folderUser is an account at a folder.
type folderUser struct{ folder, user int64 }

// plan says what is to be written.
func (w *folderWrite) plan() (assigned []folderAssignments, removed []folderUser) {
	wanted := w.wanted()
	perUser := map[int64][]folderRoles{}
	for _, place := range slices.SortedFunc(maps.Keys(wanted), func(a, b folderUser) int {
		return cmp.Or(cmp.Compare(a.user, b.user), cmp.Compare(a.folder, b.folder))
	}) {
		roles := slices.Sorted(maps.Keys(wanted[place]))
		if len(roles) == 0 {
			removed = append(removed, place)
			continue
		}
		perUser[place.user] = append(perUser[place.user], folderRoles{place.folder, roles})
	}
	same := map[string]int{}
	for _, user := range slices.Sorted(maps.Keys(perUser)) {
		what := fmt.Sprint(perUser[user])
		i, ok := same[what]
		if !ok {
			i = len(assigned)
			same[what] = i
			assigned = append(assigned, folderAssignments{Folders: perUser[user]})
		}
		assigned[i].Users = append(assigned[i].Users, user)
	}
	return assigned, removed
}

// wanted returns the roles that the accounts of the pending changes are to have at each of the folders: what is there, with what this run made
// itself even if it cannot be seen yet, and the changes.
func (w *folderWrite) wanted() map[folderUser]map[int32]bool {
	wanted := map[folderUser]map[int32]bool{}
	for _, item := range w.pending {
		wanted[folderUser{item.key.folder, item.key.user}] = map[int32]bool{}
	}
	set := func(key memberKey, there bool) {
		if roles, ok := wanted[folderUser{key.folder, key.user}]; ok && there {
			roles[key.role] = true
		} else if ok {
			delete(roles, key.role)
		}
	}
	for _, folder := range foldersOf(w.pending) {
		for _, key := range w.members.listed(memberQuestion{folder: folder}) {
			set(key, true)
		}
	}
	w.mu.Lock()
	for key, there := range w.acknowledged {
		set(key, there)
	}
	w.mu.Unlock()
	for _, item := range w.pending {
		set(item.key, item.add)
	}
	return wanted
}

// refusals are why accounts at folders were left as they are.
type refusals struct {
	mu    sync.Mutex
	byKey map[folderUser]error
}

func (r *refusals) add(err error, request folderAssignments) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, user := range request.Users {
		for _, folder := range request.Folders {
			r.byKey[folderUser{folder.Folder, user}] = err
		}
	}
}

// assign sends accounts with their roles. A request that is refused, but not because of the roles, is divided, so that the refusal meets the
// account at fault. What may have been carried out is seen in the next round.
func (w *folderWrite) assign(ctx context.Context, request folderAssignments, refused *refusals) {
	err := w.post(ctx, "assign users to folder", "Folders"+orchestratorAction+"AssignUsers", map[string]folderAssignments{"assignments": request})
	failed, answered := errors.AsType[*Error](err)
	switch half := len(request.Users) / 2; {
	case err == nil, answered && failed.Undecided:
	case answered && half > 0 && failed.Status >= http.StatusBadRequest && failed.Status < http.StatusInternalServerError &&
		failed.Status != http.StatusUnauthorized && failed.Status != http.StatusForbidden && failed.Status != http.StatusTooManyRequests:
		w.assign(ctx, folderAssignments{request.Users[:half], request.Folders}, refused)
		w.assign(ctx, folderAssignments{request.Users[half:], request.Folders}, refused)
	default:
		refused.add(err, request)
	}
}

// remove takes an account out of a folder where it has no role any more. One that is not there counts as removed.
func (w *folderWrite) remove(ctx context.Context, place folderUser, refused *refusals) {
	err := w.post(ctx, "remove user from folder", numbered("Folders", place.folder)+orchestratorAction+"RemoveUserFromFolder",
		map[string]int64{"userId": place.user})
	failed, answered := errors.AsType[*Error](err)
	if err == nil || answered && (failed.Undecided || failed.Status == http.StatusNotFound) {
		return
	}
	refused.add(err, folderAssignments{[]int64{place.user}, []folderRoles{{Folder: place.folder}}})
}
