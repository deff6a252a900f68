using Microsoft.Extensions.Logging;

namespace Daybook.Projections;

/// <summary>What every runner of a host shares.</summary>
internal sealed record ProjectionRunnerContext(IEventDecoder Decoder, ProjectionOptions Options, TimeProvider Time, ILogger Logger);
