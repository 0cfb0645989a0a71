package main

import (
	"regexp"
	"strings"
)

// gap is what may stand between two words: blanks, and the end of a line with the comment mark of the next.
const gap = `(?:[ \t]|\r?\n[ \t]*(?://+|#+|>|\*)?)+`

var (
	// mentionPattern ends where the first number of a mention begins.
	mentionPattern = regexp.MustCompile(`(?i)\bcontract(?:\.md)?,?` + gap + `(?:sections?` + gap + `)?`)
	// sectionPattern is the same in the contract itself, which calls its parts sections.
	sectionPattern = regexp.MustCompile(`(?i)\b(?:contract|sections?)` + gap)
	// factIDPattern is a fact that the contract names in passing.
	factIDPattern = regexp.MustCompile("[ (\"`]([0-9]+\\.[0-9]+-[0-9]+)\\b")
	// numberPattern is the number of a section.
	numberPattern = regexp.MustCompile(`^[0-9]+(?:\.[0-9]+)*[a-z]?\b`)
	// placePattern is what a fact's number has behind that of its section.
	placePattern = regexp.MustCompile(`^-[0-9]+\b`)
	// nextPattern is what stands between two numbers of a list or a range.
	nextPattern = regexp.MustCompile(`(?i)^(?:,` + gap + `(?:(?:and|or|to)` + gap + `)?|` + gap + `(?:and|or|to)` + gap + `|-|–)` +
		`(?:(?:contract|sections?)` + gap + `)?`)
)

// mention is a number of the contract that a file names.
type mention struct {
	line   int
	number string
}

// findMentions returns the numbers that a text names, in order. The contract's own text may leave the word contract out.
func findMentions(text string, ownText bool) []mention {
	pattern := mentionPattern
	if ownText {
		pattern = sectionPattern
	}
	var found []mention
	add := func(at int, number string) {
		found = append(found, mention{1 + strings.Count(text[:at], "\n"), number})
	}
	end := 0
	for _, place := range pattern.FindAllStringIndex(text, -1) {
		if place[1] < end {
			continue
		}
		end = place[1]
		for number := readNumber(text[end:]); number != ""; number = readNumber(text[end:]) {
			add(end, number)
			end += len(number)
			between := nextPattern.FindString(text[end:])
			if readNumber(text[end+len(between):]) == "" {
				break
			}
			end += len(between)
		}
	}
	if ownText {
		for _, place := range factIDPattern.FindAllStringSubmatchIndex(text, -1) {
			add(place[2], text[place[2]:place[3]])
		}
	}
	return found
}

// readNumber reads the number of a section or a fact from the beginning of a text, "" where there is none. In "4.1-4.3" it
// is 4.1: the rest is a range.
func readNumber(text string) string {
	number := numberPattern.FindString(text)
	if number == "" {
		return ""
	}
	place := placePattern.FindString(text[len(number):])
	if behind := text[len(number)+len(place):]; len(behind) > 1 && behind[0] == '.' && '0' <= behind[1] && behind[1] <= '9' {
		return number
	}
	return number + place
}
