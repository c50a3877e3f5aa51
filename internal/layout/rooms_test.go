package layout_test

import "slices"

// A room is a folder that holds a package. It may import the packages of this
// module that match may, and no others; why says what would be lost.
//
// A pattern is a path, or a path and "/..." for what is below it. The pattern
// "datasets/..." does not match datasets itself.
type room struct {
	path string
	may  []string
	why  string
}

var rooms = []room{
	{"datasets", nil, "records are what everybody shares: they know neither a backend nor what is made of them"},
	{"datasets/datasettest", []string{"datasets"}, "a contract that knew a backend would be that backend's"},
	{"datasets/internal/textfile", []string{"datasets"}, "it serves the backends, so it knows none of them"},
	{"datasets/anyfile", []string{"datasets", "datasets/..."}, "it picks a backend by the file's name and nothing else"},
	{"datasets/...", []string{"datasets", "datasets/internal/textfile"}, "backends do not know each other: importing one brings in no other's driver"},

	{"features/parse", []string{"datasets"}, "a parser turns one cell into one value: it knows no table"},
	{"features/infer", []string{"datasets", "datasets/...", "features", "features/parse"}, "it proposes a spec before anything was learned"},
	{"features", []string{"datasets", "datasets/parquetfile", "features/parse"}, "the feature table comes before the model, and is the same for every source and model"},

	{"model", []string{"datasets", "features", "model/bin"}, "the artifact does not know who learned it, nor what is done with it"},
	{"model/bin", []string{"datasets", "features"}, "codes are made before there is a model"},
	{"model/metrics", nil, "slices in, numbers out"},
	{"model/grid", learner, "learners do not know each other"},
	{"model/logistic", learner, "learners do not know each other"},
	{"model/scorecard", learner, "learners do not know each other"},
	{"model/trees", learner, "learners do not know each other"},
	{"model/baseline", measure, "what learners must beat is not one of them"},
	{"model/modeltest", append([]string{"datasets/sample", "model/evaluate"}, measure...), "a contract that knew a learner would be that learner's"},
	{"model/leak", append([]string{"model/evaluate"}, measure...), "it judges columns before a learner sees them, and is lent one to see what a pattern is worth"},
	{"model/calibrate", measure, "it measures a model, whoever learned it"},
	{"model/drift", measure, "it measures a model, whoever learned it"},
	{"model/evaluate", append([]string{"model/calibrate"}, measure...), "it compares learners, so it knows none of them"},
	{"model/train", []string{"datasets", "features", "model", "model/..."}, "it holds the learners; files and versions are for those who call it"},
	{"model/registry", []string{"model", "internal/artifact", "internal/disk"}, "it keeps versions: what is in them is the model's business"},
	{"model/predict", []string{"datasets", "datasets/parquetfile", "features", "model", "model/bin", "model/drift"}, "it applies a model that is finished: no learner may be reached from the nightly run"},
	{"model/nearest", []string{"datasets", "features", "model", "model/bin"}, "it asks a finished model, whoever learned it"},
	{"model/export", []string{"datasets", "features", "model", "model/bin"}, "it writes a finished model in another form"},
	{"model/export/...", []string{"datasets", "features", "model", "model/bin", "model/export"}, "it writes a finished model in another form"},

	{"internal/disk", nil, "a leaf: what changes on a disk, whatever it is for"},
	{"internal/disk/disktest", []string{"internal/disk"}, "it stands in the way of any change, whoever makes it"},
	{"internal/artifact", []string{"internal/disk"}, "files, hashes and renames, whatever is in them"},
	{"internal/layout", nil, "it reads the others as text"},
	{"internal/activity", []string{"datasets", "datasets/...", "features", "features/..."}, "it reads what others have recorded, whatever is made of it"},
	{"internal/project", []string{"datasets", "datasets/...", "features", "features/...", "internal/artifact", "internal/activity"}, "settings are read before anything is made"},
	{"internal/observe", []string{"datasets", "internal/artifact", "internal/disk"}, "it is told what a step did, and runs none"},
	{"internal/spool", []string{"datasets", "datasets/...", "internal/artifact", "internal/disk"}, "it copies rows, whatever they are for"},
	{"internal/segment", slices.Concat(waist, []string{"model/bin", "model/metrics", "model/predict", "internal/page"}), "it reads grades, beside its siblings; it names segments in words that pages have"},
	{"internal/badge", waist, "it reads grades, beside its siblings"},
	{"internal/abm", waist, "it reads grades, beside its siblings"},
	{"internal/crmsync", waist, "it reads grades, beside its siblings"},
	{"internal/page", []string{"features", "model", "model/bin", "model/metrics"}, "it draws and writes what others put into words"},
	{"internal/page/pagetest", nil, "it compares texts, whoever shows them"},
	{"internal/explain", []string{"features", "model", "model/bin", "model/nearest", "internal/page"}, "it puts one account into words, from what others have read"},
	{"internal/report", slices.Concat(waist, siblings, figures, []string{"internal/page", "internal/explain", "internal/backtest", "internal/feedback"}), "it shows what the steps have made: it reaches no learner and runs no step"},
	{"internal/graded", slices.Concat(waist, []string{"model/predict", "internal/page"}), "it reads published grades, whatever they are held against"},
	{"internal/backtest", slices.Concat(waist, []string{"model/metrics", "internal/graded", "internal/page"}), "it holds published grades against what happened since: it grades nothing"},
	{"internal/feedback", slices.Concat(waist, []string{"model/bin", "model/metrics", "internal/graded", "internal/page"}), "it holds published grades against what sales says: it grades nothing and learns nothing"},
	{"internal/compare", slices.Concat(waist, figures, []string{"internal/page"}), "it holds finished models against each other: it reaches no learner and runs no step"},
	{"internal/card", slices.Concat(waist, figures, []string{"internal/page", "internal/report"}), "it shows what a training measured: it reaches no learner and runs no step"},
	{"internal/audit", slices.Concat(waist, []string{"internal/page", "model/metrics"}), "it judges what others have read and measured: it opens no file and reaches no learner"},
	{"internal/web", slices.Concat(waist, siblings, figures, []string{"internal/report"}), "it shows what is saved: the steps are for the command line"},
	{"internal/pipeline", []string{"datasets", "datasets/...", "features", "features/...", "model", "model/...", "internal/..."}, "it is what the commands do, and knows no command"},

	{"cmd/icpfit", []string{"datasets", "features", "features/infer", "model", "model/calibrate", "model/evaluate", "model/leak", "model/metrics", "model/predict", "model/registry", "model/train", "internal/..."}, "flags, wiring, printing, exit codes: it opens no file of data and learns nothing itself"},
}

var (
	learner = []string{"datasets", "features", "model", "model/bin"}
	measure = []string{"datasets", "features", "model", "model/bin", "model/metrics"}
	waist   = []string{"datasets", "datasets/...", "features", "features/...", "model", "internal/artifact", "internal/activity", "internal/project"}

	siblings = []string{"internal/segment", "internal/badge", "internal/abm", "internal/crmsync"}
	figures  = []string{"model/bin", "model/metrics", "model/leak", "model/evaluate", "model/calibrate", "model/drift", "model/registry", "model/predict", "model/train"}
)

// stations are the pipeline's, in order. The tests of a station may import all
// of it and all before it: a model's test may well learn from a generated base.
var stations = []string{"datasets", "features", "model", "internal", "cmd"}

// drivers are the modules that only some rooms may import.
var drivers = []struct {
	module string
	rooms  []string
	why    string
}{
	{"github.com/parquet-go/parquet-go", []string{"datasets/parquetfile"}, "importing the records brings in no driver"},
	{"github.com/klauspost/compress", []string{"datasets/internal/textfile", "datasets/parquetfile"}, "importing the records brings in no driver"},
	{"github.com/jackc/pgx", []string{"datasets/postgres"}, "importing the records brings in no driver"},
	{"github.com/goccy/go-yaml", []string{"internal/project"}, "icpfit.yaml is read in one place"},
	{"github.com/urfave/cli", []string{"cmd/icpfit"}, "what a command does knows no flag"},
	{"github.com/prometheus", []string{"internal/observe"}, "what is measured knows no dashboard"},
	{"github.com/schollz/progressbar", []string{"cmd/icpfit"}, "progress is a callback until it meets a terminal"},
}

// topFolders are the house; files and folders that start with a dot may stand
// beside them.
var topFolders = []string{"cmd", "datasets", "features", "model", "internal", "notebooks", "scripts"}

// noNames say nothing of what is inside.
var noNames = []string{"util", "utils", "common", "helper", "helpers", "types", "core", "misc", "base", "shared", "lib"}

// rowMaps are the only places where a map from names to any value may stand in
// the packages through which rows flow.
var rowMaps = map[string]string{
	"features/condition.go": "expr-lang's environment: one map a source, and one evaluation for each different combination of values",
}

// scratch are the files that may change a disk themselves, and why.
var scratch = map[string]string{
	"internal/pipeline/check.go": "it works in a temporary folder outside of the project, which it removes",
}

// mostLines is the size at which a file is two files.
const mostLines = 500
