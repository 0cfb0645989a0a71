package provider

import "fmt"

// byName are things by their names, for for_each. Those that share a name have what tells them apart behind it, and the id where nothing
// else does.
func byName[T, M any](all []T, name, difference, id func(T) string, model func(T) M) map[string]M {
	shared, alike := map[string]int{}, map[string]int{}
	longer := func(one T) string { return fmt.Sprintf("%s (%s)", name(one), difference(one)) }
	for _, one := range all {
		shared[name(one)]++
		alike[longer(one)]++
	}
	found := make(map[string]M, len(all))
	for _, one := range all {
		key := name(one)
		switch {
		case shared[key] == 1:
		case alike[longer(one)] == 1:
			key = longer(one)
		default:
			key = fmt.Sprintf("%s (%s)", key, id(one))
		}
		found[key] = model(one)
	}
	return found
}
