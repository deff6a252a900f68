// Each test starts processes and loads the disk; beside one another on two cores they would only wait for one another.
[assembly: CollectionBehavior(DisableTestParallelization = true)]
