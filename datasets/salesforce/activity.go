package salesforce

import "github.com/icpfit/icpfit/datasets"

// Opportunities returns the names of the Opportunity object's columns: API name,
// English label, French label.
func Opportunities() datasets.Headers {
	return datasets.Headers{
		"account_id": {"AccountId", "Account ID", "ID du compte"},
		"id":         {"Opportunity ID", "Id", "ID de l'opportunité"},
		"created_at": {"CreatedDate", "Created Date", "Date de création"},
		"closed_at":  {"CloseDate", "Close Date", "Date de clôture", "Date de fermeture"},
		"stage":      {"StageName", "Stage", "Étape"},
		"won":        {"IsWon", "Won", "Conclue"},
		"closed":     {"IsClosed", "Closed", "Fermée", "Fermé"},
		"amount":     {"Amount", "Montant"},
		"currency":   {"CurrencyIsoCode", "Amount Currency", "Opportunity Currency", "Devise du montant", "Devise de l'opportunité"},
		"type":       {"Type", "Opportunity Type"},
		"source":     {"LeadSource", "Lead Source", "Origine de la piste", "Source de la piste"},
		"owner":      {"OwnerId", "Opportunity Owner", "Propriétaire de l'opportunité"},
		"campaign":   {"CampaignId", "Primary Campaign Source", "Source de la campagne principale"},
		"competitor": {"MainCompetitors__c", "Main Competitor(s)", "Principaux concurrents"},
		"deleted":    {"IsDeleted"},
	}
}

// Leads returns the names of the Lead object's columns.
func Leads() datasets.Headers {
	return datasets.Headers{
		"domain":         {"Website", "Site Web", "Email", "E-mail", "Adresse e-mail"},
		"account_id":     {"ConvertedAccountId", "Converted Account ID"},
		"id":             {"Lead ID", "Id", "ID de la piste"},
		"created_at":     {"CreatedDate", "Create Date", "Created Date", "Date de création"},
		"first_touch_at": {"FirstCallDateTime", "FirstEmailDateTime", "First Call", "First Email"},
		"converted_at":   {"ConvertedDate", "Converted Date", "Date de conversion"},
		"status":         {"Status", "Lead Status", "Statut de la piste"},
		"source":         {"LeadSource", "Lead Source", "Origine de la piste", "Source de la piste"},
		"owner":          {"OwnerId", "Lead Owner", "Propriétaire de la piste"},
		"deleted":        {"IsDeleted"},
	}
}

// Tasks returns the names of the columns of the Task and Event objects.
func Tasks() datasets.Headers {
	return datasets.Headers{
		"account_id": {"AccountId", "Account ID", "ID du compte"},
		"date":       {"ActivityDateTime", "ActivityDate", "Due Date", "CompletedDateTime", "CreatedDate", "Date d'échéance"},
		"channel":    {"TaskSubtype", "EventSubtype", "Task Subtype", "Type"},
		"action":     {"CallDisposition", "Call Result"},
		"deleted":    {"IsDeleted"},
	}
}

// Campaigns returns the names of the Campaign object's columns.
func Campaigns() datasets.Headers {
	return datasets.Headers{
		"campaign":   {"Campaign ID", "Id", "Name", "Campaign Name", "Nom de la campagne"},
		"programme":  {"Type", "Campaign Type", "Type de campagne"},
		"started_at": {"StartDate", "Start Date", "Date de début"},
		"ended_at":   {"EndDate", "End Date", "Date de fin"},
		"sent":       {"NumberSent", "Num Sent", "Num Sent in Campaign", "Nombre d'envois"},
		"responses":  {"NumberOfResponses", "Responses in Campaign", "Total Responses", "Nombre de réponses"},
		"cost":       {"ActualCost", "Actual Cost", "Coût réel"},
		"deleted":    {"IsDeleted"},
	}
}
