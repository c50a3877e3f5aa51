// Package activity reads the optional tables: what happened with accounts, in
// marketing, in sales and since.
//
// A table is named under `tables:` of icpfit.yaml and may be any file or query
// that accounts may be. Its columns are found by their name here, by what
// Salesforce and HubSpot call them, or as the settings say; Tables lists them
// with what each means. A row belongs to an account by domain (a website or an
// e-mail address will do, of which only the domain is kept) or by the account's
// id in the base. Nothing about a person is read.
//
//	set, err := activity.NewSet(base, sources)
//	in, err := activity.Each(ctx, set, func(o activity.Opportunity) error { … })
//	if n := in.Needs("closed_at", "amount"); n != nil {
//		// not computable: n says "needs opportunities.closed_at"
//	}
//
// Rows flow one at a time, so a table of any length takes the same memory. A
// missing text is "", a missing number NaN, a missing time Unknown: what is not
// known is never zero. Cells that cannot be read are missing, counted by column
// and shown with their place. A table without the columns that make its rows
// mean anything is an error of shape; any other missing column makes what needs
// it "not computable".
package activity
