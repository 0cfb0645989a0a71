package uipath

import "slices"

// maxBatch is how many additions and removals one request carries. Fifty are known to work (contract 4.4-4); the limit is not public, so
// this one is our choice (4.4-5).
const maxBatch = 500

// pickChanges takes the next batch of changes. Those that touch the same assignment are not put together, because what the server does
// first within one request is not known: they follow each other in the order in which they came. With alone the first goes alone.
func pickChanges(waiting []*change, alone bool) (batch, rest []*change) {
	size := 0
	touched := map[AssignmentKey]bool{}
	for _, item := range waiting {
		keys := item.keys()
		if len(batch) > 0 && (alone || size+len(keys) > maxBatch) || slices.ContainsFunc(keys, func(k AssignmentKey) bool { return touched[k] }) {
			rest = append(rest, item)
		} else {
			batch = append(batch, item)
			size += len(keys)
		}
		for _, key := range keys {
			touched[key] = true
		}
	}
	return batch, rest
}
