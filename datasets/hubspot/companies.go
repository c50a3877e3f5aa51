// Package hubspot knows how HubSpot names the columns of a Company.
//
// The same property goes by its internal name in an API export
// (numberofemployees), with "property_" before it in a warehouse, and by its
// label in an export from the screen, in the user's language. Companies lists
// them all; package datasets compares them.
package hubspot

import "github.com/icpfit/icpfit/datasets"

// Companies returns the preset of the Company object. What HubSpot counts of
// deals, contacts and activity is described and left out of features, as is any
// other property whose name begins with "hs_".
func Companies() *datasets.Preset {
	p := &datasets.Preset{
		Name: "hubspot companies",
		Marks: []string{
			"hs_object_id", "Record ID", "Company Domain Name", "Company owner", "hubspot_owner_id", "lifecyclestage", "hs_lead_status", "createdate", "Lead Status",
			"Country/Region", "State/Region", "hs_lastmodifieddate", "hs_ideal_customer_profile", "Ideal Customer Profile Tier", "hs_is_target_account", "Target Account", "notes_last_contacted",
			"Number of Associated Contacts", "Number of Associated Deals", "num_associated_contacts", "num_associated_deals",
			"ID de fiche d'informations", "Nom de domaine de l'entreprise", "Propriétaire de l'entreprise", "Phase du cycle de vie", "Pays/Région", "État/Région", "URL du site web",
		},
		Foreign: []string{
			"firstname", "lastname", "First Name", "Last Name", "Job Title", "jobtitle", "Prénom", "Nom de famille", "Intitulé du poste",
			"dealname", "Deal Name", "dealstage", "Deal Stage", "Nom de la transaction", "Phase de la transaction",
		},
		Prefix:      "property_",
		Own:         "hs_",
		Bookkeeping: datasets.PresetColumn{Why: datasets.WhyProcess},
	}
	p.Columns = append(p.Columns, identity()...)
	p.Columns = append(p.Columns, company()...)
	p.Columns = append(p.Columns, process()...)
	p.Columns = append(p.Columns, counts()...)
	return p
}

func identity() []datasets.PresetColumn {
	out := func(role datasets.Role, why string, names ...string) datasets.PresetColumn {
		return datasets.PresetColumn{Role: role, Why: why, Names: names}
	}
	return []datasets.PresetColumn{
		out(datasets.RoleDomain, datasets.WhyIdentifier, "domain", "Company Domain Name", "Nom de domaine de l'entreprise", "Nom de domaine"),
		out(datasets.RoleWebsite, datasets.WhyIdentifier, "website", "Website URL", "URL du site web", "Site web"),
		out(datasets.RoleID, datasets.WhyIdentifier, "hs_object_id", "Record ID", "id", "Company ID", "ID de fiche d'informations", "ID de l'enregistrement", "ID d'enregistrement", "ID de l'entreprise"),
		out(datasets.RoleName, datasets.WhyIdentifier, "name", "Company name", "Nom de l'entreprise", "Nom"),
		out(datasets.RoleParent, datasets.WhyIdentifier, "hs_parent_company_id", "Parent Company", "Entreprise parente", "Entreprise mère", "Société mère"),
		out(datasets.RoleNone, datasets.WhyIdentifier, "hs_additional_domains", "Additional Domains", "Domaines supplémentaires"),
		out(datasets.RoleNone, datasets.WhyIdentifier, "portal_id", "hs_unique_creation_key", "hs_merged_object_ids", "Merged Company IDs", "Merged record IDs"),
		out(datasets.RoleNone, datasets.WhyIdentifier, "linkedin_company_page", "linkedinbio", "facebook_company_page", "twitterhandle", "hs_logo_url", "Logo URL", "Page d'entreprise LinkedIn", "Page d'entreprise Facebook"),
		out(datasets.RolePhone, datasets.WhyContact, "phone", "Phone Number", "Numéro de téléphone"),
		out(datasets.RoleStreet, datasets.WhyContact, "address", "Street Address", "Adresse postale", "Adresse"),
		out(datasets.RoleNone, datasets.WhyContact, "address2", "Street Address 2", "Adresse postale 2"),
		out(datasets.RoleCity, datasets.WhyContact, "city", "Ville"),
		out(datasets.RolePostalCode, datasets.WhyContact, "zip", "Postal Code", "Code postal"),
		out(datasets.RoleNone, datasets.WhyContact, "timezone", "Fuseau horaire"),
	}
}

func company() []datasets.PresetColumn {
	in := func(role datasets.Role, kind, pillar, parser string, names ...string) datasets.PresetColumn {
		return datasets.PresetColumn{Role: role, Use: true, Kind: kind, Pillar: pillar, Parser: parser, Names: names}
	}
	const firm = "firmographic"
	return []datasets.PresetColumn{
		in(datasets.RoleIndustry, "category", firm, "", "industry", "Secteur", "Secteur d'activité", "Industrie"),
		in(datasets.RoleNone, "category", firm, "", "hs_industry_group", "Industry group", "Groupe de secteurs"),
		in(datasets.RoleEmployees, "number", firm, "range", "numberofemployees", "Nombre d'employés", "Nombre d'employé"),
		in(datasets.RoleEmployees, "number", firm, "range", "hs_employee_range", "Employee range", "Tranche d'effectif"),
		in(datasets.RoleRevenue, "number", firm, "money", "annualrevenue", "Chiffre d'affaires annuel", "Revenu annuel"),
		in(datasets.RoleRevenue, "number", firm, "money", "hs_revenue_range", "Revenue range", "Tranche de chiffre d'affaires"),
		in(datasets.RoleCountry, "category", firm, "country", "country", "Country/Region", "Pays/Région", "Pays"),
		in(datasets.RoleCountry, "category", firm, "country", "hs_country_code", "Country/Region Code", "Code pays"),
		in(datasets.RoleState, "category", firm, "", "state", "State/Region", "État/Région", "Région"),
		in(datasets.RoleState, "category", firm, "", "hs_state_code", "State/Region Code"),
		in(datasets.RoleFounded, "number", firm, "year", "founded_year", "Year Founded", "Année de fondation", "Année de création"),
		in(datasets.RoleOwnership, "flag", firm, "", "is_public", "Société publique", "Entreprise publique"),
		in(datasets.RoleDescription, "words", firm, "", "description"),
		in(datasets.RoleNone, "words", firm, "", "about_us", "À propos de nous", "À propos"),
		in(datasets.RoleNone, "words", firm, "", "hs_keywords", "Company Keywords", "Mots clés de l'entreprise"),
		in(datasets.RoleFunding, "number", firm, "money", "total_money_raised", "Montant total levé", "Total des fonds levés"),
		in(datasets.RoleTechnologies, "set", "technographic", "", "web_technologies", "Technologies web", "Technologies du site web"),
	}
}

func process() []datasets.PresetColumn {
	out := func(role datasets.Role, why string, names ...string) datasets.PresetColumn {
		return datasets.PresetColumn{Role: role, Why: why, Names: names}
	}
	return []datasets.PresetColumn{
		out(datasets.RoleLifecycle, datasets.WhyCustomer, "lifecyclestage", "Phase du cycle de vie", "Étape du cycle de vie"),
		out(datasets.RoleType, datasets.WhyCustomer, "type", "Company type", "Type d'entreprise"),
		out(datasets.RoleWon, datasets.WhyCustomer, "closedate", "Date de fermeture", "Date de clôture"),
		out(datasets.RoleNone, datasets.WhyCustomer, "Became a Customer Date", "hs_date_entered_customer", "days_to_close", "Customer since", "Jours avant fermeture"),
		out(datasets.RoleNone, datasets.WhyProcess, "hs_lead_status", "Lead Status", "Statut du lead", "Statut de lead"),
		out(datasets.RoleTarget, datasets.WhyProcess, "hs_ideal_customer_profile", "Ideal Customer Profile Tier", "Niveau du profil client idéal", "Niveau de profil client idéal"),
		out(datasets.RoleTarget, datasets.WhyProcess, "hs_is_target_account", "hs_target_account", "Target Account", "Compte cible"),
		out(datasets.RoleOwner, datasets.WhyProcess, "hubspot_owner_id", "Company owner", "Owner ID", "Propriétaire de l'entreprise", "Propriétaire"),
		out(datasets.RoleNone, datasets.WhyProcess, "hubspot_owner_assigneddate", "Owner Assigned Date", "hubspot_team_id", "HubSpot Team", "Équipe HubSpot", "Date d'attribution du propriétaire"),
		out(datasets.RoleCreated, datasets.WhyProcess, "createdate", "Date de création", "hs_createdate"),
		out(datasets.RoleModified, datasets.WhyProcess, "hs_lastmodifieddate", "Last Modified Date", "Date de dernière modification", "Dernière modification"),
		out(datasets.RoleLastActivity, datasets.WhyCustomer, "notes_last_updated", "Last Activity Date", "Date de dernière activité", "Date de la dernière activité"),
		out(datasets.RoleNone, datasets.WhyCustomer, "notes_last_contacted", "Last Contacted", "Dernier contact", "notes_next_activity_date", "Next Activity Date", "Date de prochaine activité", "hs_last_sales_activity_date", "hs_last_sales_activity_timestamp"),
		out(datasets.RoleDeleted, datasets.WhyProcess, "is_deleted", "_fivetran_deleted", "hs_is_deleted"),
		out(datasets.RoleSource, datasets.WhyProcess, "hs_analytics_source", "Original Source Type", "Original Traffic Source", "Source d'origine", "Source de trafic d'origine"),
		out(datasets.RoleNone, datasets.WhyProcess, "_fivetran_synced", "_fivetran_active", "_fivetran_start", "_fivetran_end"),
	}
}

// counts are of contacts, deals and visits: customers have them because they
// are customers.
func counts() []datasets.PresetColumn {
	out := func(names ...string) datasets.PresetColumn {
		return datasets.PresetColumn{Why: datasets.WhyCustomer, Names: names}
	}
	return []datasets.PresetColumn{
		out("num_associated_contacts", "Number of Associated Contacts", "Associated Contacts", "Associated Contact", "Nombre de contacts associés", "Contacts associés"),
		out("num_associated_deals", "Number of Associated Deals", "Associated Deals", "Associated Deal", "Nombre de transactions associées", "hs_num_open_deals", "Number of open deals"),
		out("total_revenue", "Chiffre d'affaires total", "recent_deal_amount", "recent_deal_close_date", "first_deal_created_date", "hs_total_deal_value", "Total open deal value"),
		out("first_contact_createdate", "num_contacted_notes", "Number of times contacted", "num_notes", "Number of Sales Activities", "num_conversion_events", "Number of Form Submissions", "first_conversion_date", "recent_conversion_date", "first_conversion_event_name", "First Conversion", "recent_conversion_event_name", "Recent Conversion"),
		out("hs_analytics_num_page_views", "Number of Page Views", "hs_analytics_num_visits", "Number of Sessions", "hs_analytics_first_timestamp", "Time First Seen", "hs_analytics_last_timestamp", "Time Last Seen", "Time of Last Session", "Nombre de pages vues", "Nombre de sessions"),
		out("hubspotscore", "Score HubSpot", "twitterfollowers", "facebookfans"),
	}
}
