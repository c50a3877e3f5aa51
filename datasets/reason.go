package datasets

// A Reason says why an account has no grade. The empty reason means that
// nothing is wrong. Its text is part of the file formats: never renamed.
type Reason string

// The reasons. Only the first four come from DomainKey.
const (
	NoDomain          Reason = "NO_DOMAIN"           // the cell is empty or says so
	BadDomain         Reason = "BAD_DOMAIN"          // not the name of a registrable domain
	FreeMailDomain    Reason = "FREE_MAIL_DOMAIN"    // a mail provider's: it stands for its users, not for a company
	SharedHost        Reason = "SHARED_HOST"         // a page on somebody else's site
	DuplicateOf       Reason = "DUPLICATE_OF"        // another row of the same domain survived
	LowFirmographic   Reason = "LOW_COVERAGE_FIRMO"  // too few firmographic features are known
	LowTechnographic  Reason = "LOW_COVERAGE_TECHNO" // too few technographic features are known
	Excluded          Reason = "EXCLUDED"            // by a rule of the configuration
	OutsideExperience Reason = "OUTSIDE_EXPERIENCE"  // unlike every account the model has seen
	NewSinceFeatures  Reason = "NEW_SINCE_FEATURES"  // not in the feature table yet
)

// Reasons lists every reason, in the order reports show them.
var Reasons = []Reason{
	NoDomain, BadDomain, FreeMailDomain, SharedHost, DuplicateOf,
	LowFirmographic, LowTechnographic, Excluded, OutsideExperience, NewSinceFeatures,
}
