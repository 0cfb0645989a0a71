# In plan and apply a failed check is a warning. In a test it is a failure, and the exit code ends a pipeline.
run "review" {
  command = plan
}
