package activity_test

import (
	"errors"
	"os"
	"path/filepath"
	"testing"

	"github.com/icpfit/icpfit/datasets"
	"github.com/icpfit/icpfit/datasets/anyfile"
	"github.com/icpfit/icpfit/internal/activity"
)

// TestRealExports reads the CRM exports of the shared data as they come. The counts
// are those of Python's csv module and a set of ids: all 38 opportunities of the
// Data Loader's sample are of its 423 accounts (of which 3 have a website, so most
// of them are of no account that can be graded); all 10 of the Salesforce seed are
// in the recycle bin; the deals of the HubSpot seed name no company.
func TestRealExports(t *testing.T) {
	data := filepath.Join("..", "..", "..", "shared", "data", "crm")
	if _, err := os.Stat(data); err != nil {
		t.Skipf("no CRM exports at %s", data)
	}
	for _, tt := range []struct {
		accounts, id, table                     string
		rows, read, deleted, strays, won, worth int64
		shape                                   bool
	}{
		{"salesforce-dataloader/accountData_without_session_column.csv", "ID", "salesforce-dataloader/opportunityData.csv", 38, 38, 0, 0, 8, 33, false},
		{"salesforce/sf_account_data.csv", "id", "salesforce/sf_opportunity_data.csv", 10, 0, 10, 0, 0, 0, false},
		{"hubspot/company_data.csv", "id", "hubspot/deal_data.csv", 0, 0, 0, 0, 0, 0, true},
	} {
		base := activity.NewBase()
		accounts, err := anyfile.Open(filepath.Join(data, tt.accounts))
		if err != nil {
			t.Fatal(err)
		}
		err = datasets.EachBatch(t.Context(), accounts, func(b *datasets.Batch) error {
			for i := range b.Rows {
				id := b.Column(tt.id).Text(i)
				base.Add(id+".example", id) // few have a website; the join is by id
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		src, err := anyfile.Open(filepath.Join(data, tt.table))
		if err != nil {
			t.Fatal(err)
		}
		set, err := activity.NewSet(base, map[string]activity.Input{"opportunities": {Source: src}})
		if err != nil {
			t.Fatal(err)
		}
		var won, worth int64
		in, err := activity.Each(t.Context(), set, func(o activity.Opportunity) error {
			if o.Outcome == activity.Won {
				won++
			}
			if o.Amount > 0 {
				worth++
			}
			return nil
		})
		if tt.shape {
			if !errors.Is(err, datasets.ErrShape) {
				t.Errorf("%s: %v", tt.table, err)
			}
			continue
		}
		if err != nil {
			t.Errorf("%s: %v", tt.table, err)
			continue
		}
		if in.Rows != tt.rows || in.Read != tt.read || in.Deleted != tt.deleted || in.Unjoined != tt.strays || won != tt.won || worth != tt.worth {
			t.Errorf("%s: %+v, %d won, %d with a worth; want %+v", tt.table, in, won, worth, tt)
		}
	}
}
