// Package lightgbm writes a model as LightGBM text, and reads LightGBM text that
// a data team trained on icpfit's feature table.
//
// # Export
//
// The raw score of an exported model is the natural logarithm of the lift,
//
//	raw = ln(lift) = (points - 50) · ln 2 / 10,  points = base_points + margin / 10⁶
//
// so that exp(raw) is the lift and 50 + 10·raw/ln 2 are the points. The first
// tree is a constant, that of the base points; a feature of the points table is
// a tree of its own, an item of a set too; the model's trees follow. The
// objective is "regression": predict gives the raw score as it is, for there is
// no probability of fit to be had from customers and an unlabelled pool.
//
// A matrix for LightGBM has one column for each of the columns that are listed in
// the file beside the model, NAME.features.json. as says what it holds, NaN
// where the feature is unknown:
//
//	number   the number
//	age      of a date: days from it to the date of the table
//	flag     0 or 1
//	code     of a category: the place of its value in values, from 0; the
//	         number of values where it is none of them
//	item     of a set or words: 1 where the set has the item, else 0
//	known    of a set: 1, also where it is empty
//
// Texts are compared folded: lower case, without spaces at the ends. This
// recipe grades a base with pandas and lightgbm:
//
//	import glob, json
//	import lightgbm, numpy, pandas
//
//	def fold(text):
//	    return "".join(c.lower()[0] for c in text.strip())
//
//	def matrix(table, columns, as_of):
//	    x = numpy.full((len(table), len(columns)), numpy.nan)
//	    folded = {}
//	    for j, c in enumerate(columns):
//	        name, kind = c["feature"], c["as"]
//	        cells, known = table[name], table[name].notna().to_numpy()
//	        if kind == "number" or kind == "flag":
//	            x[:, j] = pandas.to_numeric(cells).astype("float64")
//	        elif kind == "age":
//	            x[:, j] = (pandas.Timestamp(as_of) - pandas.to_datetime(cells)).dt.days
//	        elif kind == "code":
//	            code = {value: i for i, value in enumerate(c["values"])}
//	            x[known, j] = [code.get(fold(v), len(code)) for v in cells[known]]
//	        elif kind == "known":
//	            x[known, j] = 1
//	        else:
//	            if name not in folded:
//	                folded[name] = [{fold(v) for v in items} for items in cells[known]]
//	            x[known, j] = [c["item"] in items for items in folded[name]]
//	    return x
//
//	def predict(project, as_of, model):
//	    table = pandas.concat(map(pandas.read_parquet, sorted(glob.glob(f"{project}/features/accounts/as_of={as_of}/*.parquet"))))
//	    columns = json.load(open(model.removesuffix(".txt") + ".features.json"))["columns"]
//	    raw = lightgbm.Booster(model_file=model).predict(matrix(table, columns, as_of))
//	    return table.assign(points=50 + 10 * raw / numpy.log(2), lift=numpy.exp(raw))
//
// An account of which no feature is known has no grade in icpfit; LightGBM gives
// it the base points. A set whose items would give over 2,147 points is clamped
// in icpfit and not there. Written grids are scaled by what is known of an
// account, which trees cannot say: they are refused.
//
// # Import
//
// A model that LightGBM trained on the feature table becomes a challenger with
// the same decisions. Its columns are named
//
//	NAME          a number, a date (age in days at the table's date), a flag (0, 1)
//	NAME=VALUE    1 where a category has the value, or a set or words the item, else 0
//
// with VALUE as Python's urllib.parse.quote(value, safe="") writes it, since
// LightGBM takes no spaces, commas, colons or brackets in names. Columns that no
// tree splits on may be called anything. Thresholds become edges of bins: a bin
// is what no tree tells apart. An unknown value goes where LightGBM sends NaN.
//
// Read does without what LightGBM itself derives (gains, weights, counts) and
// ignores tree_sizes but for the number of trees.
//
// Source of the format and of the decisions: gbdt_model_text.cpp, tree.cpp and
// tree.h of LightGBM 4.7.0.
package lightgbm
