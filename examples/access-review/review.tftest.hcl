# A check that fails is a warning of plan and apply. Here it is a failure, with an exit code that ends a pipeline.
run "review" {
  command = plan
}
