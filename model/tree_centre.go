package model

// placeholder until the learner's file arrives
func (t *Tree) Centre(d *Data) {}
