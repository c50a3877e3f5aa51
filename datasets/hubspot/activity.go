package hubspot

import "github.com/icpfit/icpfit/datasets"

// Deals returns the names of the Deal object's columns: internal name, English
// label, French label.
func Deals() datasets.Headers {
	return datasets.Headers{
		"account_id": {"Associated Company IDs", "Associated Company ID", "associatedcompanyids", "hs_primary_associated_company", "company_id", "ID des entreprises associées"},
		"id":         {"hs_object_id", "Record ID", "deal_id", "Deal ID", "ID de fiche d'informations"},
		"created_at": {"createdate", "Create Date", "hs_createdate", "Date de création"},
		"closed_at":  {"closedate", "Close Date", "Date de fermeture"},
		"stage":      {"dealstage", "Deal Stage", "deal_pipeline_stage_id", "Phase de la transaction"},
		"won":        {"hs_is_closed_won", "Is Closed Won", "Is Deal Closed Won"},
		"closed":     {"hs_is_closed", "Is Deal Closed?", "Is Closed"},
		"amount":     {"amount", "Amount", "Montant"},
		"currency":   {"deal_currency_code", "Currency", "Devise"},
		"type":       {"dealtype", "Deal Type", "Type de transaction"},
		"source":     {"hs_analytics_source", "Original Source Type", "Original Traffic Source"},
		"owner":      {"hubspot_owner_id", "Deal owner", "owner_id", "Propriétaire de la transaction"},
		"reason":     {"closed_won_reason", "Closed Won Reason", "closed_lost_reason", "Closed Lost Reason"},
		"campaign":   {"hs_campaign", "Campaign"},
		"deleted":    {"is_deleted", "archived"},
	}
}
