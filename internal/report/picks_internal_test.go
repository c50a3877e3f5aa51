package report

import "testing"

func TestTop(t *testing.T) {
	// Ties go to the lesser domain, whatever the order of rows.
	for _, order := range [][]string{{"a", "b", "c", "d"}, {"d", "c", "b", "a"}, {"c", "a", "d", "b"}} {
		list := top{size: 2}
		for _, domain := range order {
			if p := (pick{key: 1, domain: domain}); list.wants(p.key) {
				list.add(p)
			}
		}
		if list.add(pick{key: 0, domain: "0"}); len(list.picks) != 2 || list.picks[0].domain != "a" || list.picks[1].domain != "b" {
			t.Errorf("order %v: kept %+v", order, list.picks)
		}
	}
}
