package main

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"
)

var columns = []string{
	"operation", "ours", "yardstick", "ratio (from-to)", "bar", "requests", "bar", "CPU ours", "CPU yardstick", "CPU ratio", "bar",
	"peak ours", "peak yardstick", "bar",
}

// table is all rows in Markdown.
func table(rows []row) string {
	cells := [][]string{columns}
	for _, r := range rows {
		cells = append(cells, r.cells())
	}
	widths := make([]int, len(columns))
	for _, line := range cells {
		for i, cell := range line {
			widths[i] = max(widths[i], utf8.RuneCountInString(cell))
		}
	}
	var text strings.Builder
	for n, line := range cells {
		for i, cell := range line {
			padding := strings.Repeat(" ", widths[i]-utf8.RuneCountInString(cell))
			if i == 0 {
				text.WriteString("| " + cell + padding + " |")
			} else {
				text.WriteString(" " + padding + cell + " |")
			}
		}
		text.WriteString("\n")
		if n == 0 {
			for i, width := range widths {
				if i == 0 {
					text.WriteString("|-" + strings.Repeat("-", width) + "-|")
				} else {
					text.WriteString("-" + strings.Repeat("-", width) + ":|")
				}
			}
			text.WriteString("\n")
		}
	}
	return text.String()
}

func (r row) cells() []string {
	requestCount, timeBar := "-", bar(r.bars.ratio, "%.2f")
	if len(r.ours) > 0 {
		requestCount = strconv.Itoa(int(median(figures(r.ours, requests))))
	}
	if r.bars.elapsed > 0 {
		timeBar = bar(r.bars.elapsed.Seconds(), "%.0f s")
	}
	return []string{
		r.title,
		clock(r.ours, elapsed), clock(r.yardstick, elapsed), spread(r.ratios(elapsed)), timeBar,
		requestCount, bar(float64(r.bars.requests), "%.0f"),
		clock(r.ours, cpu), clock(r.yardstick, cpu), spread(r.ratios(cpu)), bar(r.bars.cpuRatio, "%.2f"),
		memory(r.ours), memory(r.yardstick), bar(float64(r.bars.peakBytes)/mebibyte, "%.0f MiB"),
	}
}

// figure is the median, and "-" where there is none.
func figure(of []measurement, what func(measurement) float64, format string) string {
	middle := median(figures(of, what))
	if middle == 0 {
		return "-"
	}
	return fmt.Sprintf(format, middle)
}

// clock is the median of a time.
func clock(of []measurement, what func(measurement) float64) string {
	if median(figures(of, what)) < 1 {
		return figure(of, func(m measurement) float64 { return 1000 * what(m) }, "%.0f ms")
	}
	return figure(of, what, "%.2f s")
}

// memory is the median of the most that was resident at once.
func memory(of []measurement) string {
	return figure(of, func(m measurement) float64 { return peak(m) / mebibyte }, "%.0f MiB")
}

// spread is the median with the smallest and the largest.
func spread(ratios []float64) string {
	switch len(ratios) {
	case 0:
		return "-"
	case 1:
		return fmt.Sprintf("%.2f", ratios[0])
	}
	return fmt.Sprintf("%.2f (%.2f-%.2f)", median(ratios), slices.Min(ratios), slices.Max(ratios))
}

func bar(limit float64, format string) string {
	if limit == 0 {
		return ""
	}
	return "≤ " + fmt.Sprintf(format, limit)
}

// requestLines say for each row what was asked for, by operation.
func requestLines(rows []row) string {
	var text strings.Builder
	for _, r := range rows {
		if len(r.ours) == 0 {
			continue
		}
		last := r.ours[len(r.ours)-1].requests
		var parts []string
		for _, operation := range slices.Sorted(maps.Keys(last)) {
			parts = append(parts, fmt.Sprintf("%d %s", last[operation], operation))
		}
		fmt.Fprintf(&text, "- %s: %s\n", r.title, strings.Join(parts, ", "))
	}
	return text.String()
}

// growth compares two rows of ours, of which the second is of more instances: how many times as many requests and as much
// processor time, ours and that which the yardstick does not take.
func growth(few, many row) string {
	times := func(figure func(measurement) float64) float64 {
		return median(figures(many.ours, figure)) / median(figures(few.ours, figure))
	}
	own := func(r row) float64 { return median(figures(r.ours, cpu)) - median(figures(r.yardstick, cpu)) }
	return fmt.Sprintf("- %s, against %s: requests x %.1f, processor time x %.1f, beyond the yardstick's x %.1f; bar ≤ %.1f\n",
		many.title, few.title, times(requests), times(cpu), own(many)/own(few), growthBar)
}

// thousands writes a number with separators.
func thousands(n int) string {
	if n < 1000 {
		return strconv.Itoa(n)
	}
	return fmt.Sprintf("%s,%03d", thousands(n/1000), n%1000)
}

// seconds is a duration in a line of progress.
func seconds(d time.Duration) string { return fmt.Sprintf("%.2f s", d.Seconds()) }
