// Sessions of these tests last seconds or less: tests beside them that take both cores would let them expire.
[assembly: CollectionBehavior(DisableTestParallelization = true)]
