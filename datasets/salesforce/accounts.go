// Package salesforce knows how Salesforce names the columns of an Account.
//
// The same field goes by its API name in a Data Loader file (NumberOfEmployees,
// in any case), by its label in a report (Employees, or Employés for a French
// user), and in snake case in a warehouse (number_of_employees). Accounts lists
// them all; package datasets compares them.
package salesforce

import "github.com/icpfit/icpfit/datasets"

// Accounts returns the preset of the Account object. What the sales process
// fills, or what only customers have, is described and left out of features.
func Accounts() *datasets.Preset {
	p := &datasets.Preset{
		Name: "salesforce accounts",
		Marks: []string{
			"Account ID", "Account Name", "Account Owner", "Account Site", "Parent Account", "Account Source", "Account Type", "Account Number",
			"MasterRecordId", "BillingStreet", "BillingCity", "BillingState", "Billing State/Province", "BillingPostalCode", "Billing Zip/Postal Code", "BillingCountry",
			"ShippingStreet", "ShippingCity", "ShippingState", "ShippingPostalCode", "ShippingCountry",
			"TickerSymbol", "SicDesc", "NaicsDesc", "Jigsaw", "Tradestyle", "CleanStatus",
			"Nom du compte", "Propriétaire du compte", "ID du compte", "Compte parent", "Source du compte", "Type de compte",
			"Pays de facturation", "Ville de facturation", "Rue de facturation", "Code postal de facturation", "État/Province de facturation",
		},
		Foreign: []string{
			"FirstName", "LastName", "Salutation", "Contact ID", "Lead ID", "Lead Status", "IsConverted", "Opportunity ID", "Opportunity Name",
			"StageName", "Stage", "CloseDate", "IsWon", "Prénom", "Nom de famille", "Nom de l'opportunité", "Étape", "Date de clôture",
		},
	}
	p.Columns = append(p.Columns, identity()...)
	p.Columns = append(p.Columns, firmographics()...)
	p.Columns = append(p.Columns, addresses()...)
	p.Columns = append(p.Columns, process()...)
	return p
}

func identity() []datasets.PresetColumn {
	out := func(role datasets.Role, why string, names ...string) datasets.PresetColumn {
		return datasets.PresetColumn{Role: role, Why: why, Names: names}
	}
	return []datasets.PresetColumn{
		out(datasets.RoleWebsite, datasets.WhyIdentifier, "Website", "Site Web", "Site Internet"),
		out(datasets.RoleID, datasets.WhyIdentifier, "Id", "Account ID", "Account ID (18)", "18 Digit Account ID", "ID du compte", "Identifiant du compte", "N° du compte"),
		out(datasets.RoleName, datasets.WhyIdentifier, "Name", "Account Name", "Nom du compte"),
		out(datasets.RoleParent, datasets.WhyIdentifier, "ParentId", "Parent Account ID", "Parent Account", "Compte parent", "ID du compte parent"),
		out(datasets.RoleTicker, datasets.WhyIdentifier, "TickerSymbol", "Symbole boursier", "Code boursier"),
		out(datasets.RoleNone, datasets.WhyIdentifier, "MasterRecordId"),
		out(datasets.RoleNone, datasets.WhyIdentifier, "AccountNumber", "Numéro de compte"),
		out(datasets.RoleNone, datasets.WhyIdentifier, "DunsNumber", "Numéro D-U-N-S", "DandbCompanyId", "D&B Company"),
		out(datasets.RoleNone, datasets.WhyIdentifier, "Tradestyle", "Nom commercial"),
		out(datasets.RoleNone, datasets.WhyIdentifier, "Jigsaw", "JigsawCompanyId", "Data.com Key", "Clé Data.com"),
		out(datasets.RoleNone, datasets.WhyIdentifier, "Site", "Account Site", "Site du compte"),
		out(datasets.RoleNone, datasets.WhyIdentifier, "PhotoUrl"),
		out(datasets.RolePhone, datasets.WhyContact, "Phone", "Account Phone", "Téléphone"),
		out(datasets.RoleNone, datasets.WhyContact, "Fax", "Account Fax", "Télécopie"),
	}
}

func firmographics() []datasets.PresetColumn {
	in := func(role datasets.Role, kind, parser string, names ...string) datasets.PresetColumn {
		return datasets.PresetColumn{Role: role, Use: true, Kind: kind, Pillar: "firmographic", Parser: parser, Names: names}
	}
	return []datasets.PresetColumn{
		in(datasets.RoleIndustry, "category", "", "Industry", "Account Industry", "Secteur d'activité", "Secteur"),
		in(datasets.RoleEmployees, "number", "range", "NumberOfEmployees", "Employees", "No. of Employees", "Employés", "Nombre d'employés", "Effectif"),
		in(datasets.RoleRevenue, "number", "money", "AnnualRevenue", "Annual Revenue (converted)", "Chiffre d'affaires annuel", "Chiffre d'affaires annuel (converti)", "Revenu annuel", "Recettes annuelles"),
		in(datasets.RoleOwnership, "category", "", "Ownership", "Type de propriété", "Statut juridique"),
		in(datasets.RoleFounded, "number", "year", "YearStarted", "Année de création", "Année de fondation"),
		in(datasets.RoleNAICS, "category", "code", "NaicsCode", "Code NAICS"),
		in(datasets.RoleSIC, "category", "code", "Sic", "SIC Code", "Code SIC"),
		in(datasets.RoleNone, "category", "", "SicDesc", "SIC Description", "Description SIC"),
		in(datasets.RoleNone, "category", "", "NaicsDesc", "NAICS Description", "Description NAICS"),
	}
}

// addresses keeps country and state: finer places are too many to learn from.
// A shipping address is known once something was shipped.
func addresses() []datasets.PresetColumn {
	in := func(role datasets.Role, parser string, names ...string) datasets.PresetColumn {
		return datasets.PresetColumn{Role: role, Use: true, Kind: "category", Pillar: "firmographic", Parser: parser, Names: names}
	}
	out := func(role datasets.Role, why string, names ...string) datasets.PresetColumn {
		return datasets.PresetColumn{Role: role, Why: why, Names: names}
	}
	return []datasets.PresetColumn{
		in(datasets.RoleCountry, "country", "BillingCountry", "Pays de facturation", "Pays (facturation)", "Country", "Pays"),
		in(datasets.RoleCountry, "country", "BillingCountryCode", "Billing Country Code (ISO)", "Code pays de facturation"),
		in(datasets.RoleState, "", "BillingState", "Billing State/Province", "État/Province de facturation", "État de facturation", "Province/État de facturation"),
		in(datasets.RoleState, "", "BillingStateCode", "Billing State/Province Code", "Code état/province de facturation"),
		out(datasets.RoleCity, datasets.WhyContact, "BillingCity", "Ville de facturation", "Ville (facturation)"),
		out(datasets.RolePostalCode, datasets.WhyContact, "BillingPostalCode", "Billing Zip/Postal Code", "Code postal de facturation", "Code postal (facturation)"),
		out(datasets.RoleStreet, datasets.WhyContact, "BillingStreet", "Billing Address", "Billing Address Line 1", "Rue de facturation", "Adresse de facturation", "Rue (facturation)"),
		out(datasets.RoleNone, datasets.WhyContact, "BillingLatitude", "BillingLongitude", "BillingGeocodeAccuracy"),
		out(
			datasets.RoleNone, datasets.WhyCustomer, "ShippingStreet", "ShippingCity", "ShippingState", "Shipping State/Province", "ShippingStateCode",
			"ShippingPostalCode", "Shipping Zip/Postal Code", "ShippingCountry", "ShippingCountryCode", "ShippingLatitude", "ShippingLongitude", "ShippingGeocodeAccuracy", "Shipping Address",
			"Adresse d'expédition", "Rue d'expédition", "Ville d'expédition", "Pays d'expédition", "Code postal d'expédition", "État/Province d'expédition",
			"Adresse de livraison", "Rue de livraison", "Ville de livraison", "Pays de livraison", "Code postal de livraison", "État/Province de livraison",
		),
	}
}

func process() []datasets.PresetColumn {
	out := func(role datasets.Role, why string, names ...string) datasets.PresetColumn {
		return datasets.PresetColumn{Role: role, Why: why, Names: names}
	}
	return []datasets.PresetColumn{
		out(datasets.RoleType, datasets.WhyCustomer, "Type", "Account Type", "Type de compte"),
		out(datasets.RoleRating, datasets.WhyProcess, "Rating", "Account Rating", "Évaluation", "Appréciation"),
		out(datasets.RoleSource, datasets.WhyProcess, "AccountSource", "Source du compte", "Lead Source", "Origine de la piste"),
		out(datasets.RoleOwner, datasets.WhyProcess, "OwnerId", "Account Owner", "Account Owner ID", "Account Owner Alias", "Owner", "Propriétaire du compte", "ID du propriétaire", "Alias du propriétaire du compte"),
		out(datasets.RoleDescription, datasets.WhyProcess, "Description", "Account Description", "Description du compte"), // notes by sales: longer where they sold
		out(datasets.RoleCreated, datasets.WhyProcess, "CreatedDate", "Account Created Date", "Date de création", "Date de création du compte"),
		out(datasets.RoleModified, datasets.WhyProcess, "LastModifiedDate", "Account Last Modified Date", "Date de dernière modification", "Dernière modification"),
		out(datasets.RoleLastActivity, datasets.WhyCustomer, "LastActivityDate", "Last Activity", "Account Last Activity", "Dernière activité", "Date de dernière activité"),
		out(datasets.RoleDeleted, datasets.WhyProcess, "IsDeleted", "Deleted", "Supprimé", "_fivetran_deleted"),
		out(datasets.RoleNone, datasets.WhyCustomer, "CustomerSince", "Contract Start Date", "Contract End Date", "Renewal Date", "Client depuis", "Date de début du contrat", "Date de fin du contrat"),
		out(datasets.RoleNone, datasets.WhyProcess, "CreatedById", "Created By", "LastModifiedById", "Last Modified By", "SystemModstamp", "LastViewedDate", "LastReferencedDate", "Créé par", "Dernière modification par", "Territory", "Territoire", "RecordTypeId", "Account Record Type", "Type d'enregistrement de compte"),
		out(datasets.RoleNone, datasets.WhyProcess, "IsPartner", "IsCustomerPortal", "Partner Account", "Customer Portal Account", "Compte partenaire", "CleanStatus", "OperatingHoursId", "Tier"),
		out(datasets.RoleNone, datasets.WhyProcess, "_fivetran_synced", "_fivetran_active", "_fivetran_start", "_fivetran_end", "_fivetran_id"),
	}
}
