package datasets_test

import (
	"fmt"

	"github.com/icpfit/icpfit/datasets"
	"github.com/icpfit/icpfit/datasets/hubspot"
	"github.com/icpfit/icpfit/datasets/salesforce"
)

func ExampleRecognise() {
	headers := []string{"ID du compte", "Nom du compte", "Site Web", "Employés", "Type", "Segment__c"}
	p := datasets.Recognise(headers, salesforce.Accounts(), hubspot.Companies())
	fmt.Println(p.Name)
	for i, c := range p.Match(headers) {
		switch {
		case c == nil:
			fmt.Printf("%s: unknown, look at its values\n", headers[i])
		case c.Use:
			fmt.Printf("%s: %s, a %s\n", headers[i], c.Role, c.Kind)
		default:
			fmt.Printf("%s: %s, left out: %s\n", headers[i], c.Role, c.Why)
		}
	}
	// Output:
	// salesforce accounts
	// ID du compte: id, left out: an identifier
	// Nom du compte: name, left out: an identifier
	// Site Web: website, left out: an identifier
	// Employés: employees, a number
	// Type: type, left out: tells that it is a customer
	// Segment__c: unknown, look at its values
}
