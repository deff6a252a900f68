// Each of these tests takes both cores, and measures nothing but what happens in the end.
[assembly: CollectionBehavior(DisableTestParallelization = true)]
