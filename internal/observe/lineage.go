package observe

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"time"

	"github.com/icpfit/icpfit/datasets"
	"github.com/icpfit/icpfit/internal/disk"
)

// The states of a run of a step.
const (
	start    = "START"
	complete = "COMPLETE"
	fail     = "FAIL"
)

const (
	producer  = "https://github.com/icpfit/icpfit"
	spec      = "https://openlineage.io/spec/"
	schemaURL = spec + "2-0-2/OpenLineage.json#/$defs/RunEvent"
	namespace = "icpfit"
)

// An event is a RunEvent of OpenLineage 2-0-2. The schemas are in testdata.
type event struct {
	EventType string    `json:"eventType"`
	EventTime string    `json:"eventTime"`
	Producer  string    `json:"producer"`
	SchemaURL string    `json:"schemaURL"`
	Run       runOf     `json:"run"`
	Job       job       `json:"job"`
	Inputs    []dataset `json:"inputs"`
	Outputs   []dataset `json:"outputs"`
}

type runOf struct {
	RunID  string    `json:"runId"`
	Facets runFacets `json:"facets"`
}

type runFacets struct {
	NominalTime  *nominalTime  `json:"nominalTime,omitempty"`
	ErrorMessage *errorMessage `json:"errorMessage,omitempty"`
}

type job struct {
	Namespace string    `json:"namespace"`
	Name      string    `json:"name"`
	Facets    jobFacets `json:"facets"`
}

type jobFacets struct {
	JobType jobType `json:"jobType"`
}

type dataset struct {
	Namespace string         `json:"namespace"`
	Name      string         `json:"name"`
	Facets    *datasetFacets `json:"facets,omitempty"`
	Output    *outputFacets  `json:"outputFacets,omitempty"`
}

type datasetFacets struct {
	Version datasetVersion `json:"version"`
}

type outputFacets struct {
	Statistics outputStatistics `json:"outputStatistics"`
}

// A facet is what all facets have.
type facet struct {
	Producer  string `json:"_producer"`
	SchemaURL string `json:"_schemaURL"`
}

type nominalTime struct {
	facet
	Start string `json:"nominalStartTime"`
}

type errorMessage struct {
	facet
	Message  string `json:"message"`
	Language string `json:"programmingLanguage"`
}

type jobType struct {
	facet
	Processing  string `json:"processingType"`
	Integration string `json:"integration"`
	Kind        string `json:"jobType"`
}

type datasetVersion struct {
	facet
	Version string `json:"datasetVersion"`
}

type outputStatistics struct {
	facet
	Rows int64 `json:"rowCount"`
}

// facetOf returns the common part of a facet: version/name of its schema.
func facetOf(schema string) facet { return facet{producer, spec + "facets/" + schema} }

// newEvent says that s is in a state.
func newEvent(s *Step, state string) event {
	at := s.Start
	if state != start {
		at = s.End
	}
	e := event{
		EventType: state, EventTime: at.UTC().Format(time.RFC3339Nano), Producer: producer, SchemaURL: schemaURL,
		Run:    runOf{RunID: s.id.String()},
		Job:    job{namespace, datasets.Printable(s.ICP, false) + "." + s.Name, jobFacets{jobType{facetOf("2-0-4/JobTypeJobFacet.json"), "BATCH", "ICPFIT", "JOB"}}},
		Inputs: []dataset{}, Outputs: []dataset{},
	}
	if s.AsOf != "" {
		e.Run.Facets.NominalTime = &nominalTime{facetOf("1-0-1/NominalTimeRunFacet.json"), s.AsOf + "T00:00:00Z"}
	}
	if s.Err != nil {
		e.Run.Facets.ErrorMessage = &errorMessage{facetOf("1-0-1/ErrorMessageRunFacet.json"), datasets.Printable(s.Err.Error(), true), "Go"}
	}
	for _, d := range s.Inputs {
		e.Inputs = append(e.Inputs, newDataset(d))
	}
	for _, d := range s.Outputs {
		out := newDataset(d)
		if d.Rows >= 0 {
			out.Output = &outputFacets{outputStatistics{facetOf("1-0-2/OutputStatisticsOutputDatasetFacet.json"), d.Rows}}
		}
		e.Outputs = append(e.Outputs, out)
	}
	return e
}

func newDataset(d Dataset) dataset {
	out := dataset{Namespace: d.Namespace, Name: d.Name}
	if d.Version != "" {
		out.Facets = &datasetFacets{datasetVersion{facetOf("1-0-1/DatasetVersionDatasetFacet.json"), d.Version}}
	}
	return out
}

// appendEvent adds an event to the file at path, one line of JSON, in one write:
// two steps at once do not mix their lines.
func appendEvent(path string, s *Step, state string) error {
	line, err := json.Marshal(newEvent(s, state))
	if err != nil {
		return fmt.Errorf("lineage: %w", err)
	}
	f, err := disk.OpenFile(path, os.O_APPEND|os.O_CREATE|os.O_RDWR, 0o644)
	if err != nil {
		return fmt.Errorf("lineage: %w", err)
	}
	line = append(line, '\n')
	if cut(f) {
		line = append([]byte{'\n'}, line...)
	}
	_, err = f.Write(line)
	if err = errors.Join(err, f.Close()); err != nil {
		return fmt.Errorf("lineage: %w", err)
	}
	return nil
}

// cut reports whether the last line of a file is not whole: a process was killed
// while it wrote it.
func cut(f *disk.File) bool {
	info, err := f.Stat()
	if err != nil || info.Size() == 0 {
		return false
	}
	var last [1]byte
	_, err = f.ReadAt(last[:], info.Size()-1)
	return err == nil && last[0] != '\n'
}
