using Daybook.Projections;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Daybook.Hosting;

/// <summary>Puts a book into the .NET generic host.</summary>
public static class DaybookHostingExtensions
{
    /// <summary>
    /// Adds a book that is started with the host and closed with it. Injects <see cref="IDaybook"/>, <see cref="IEventStore"/>,
    /// <see cref="IBookStatus"/> and the read model of every projection added.
    /// </summary>
    /// <remarks>
    /// The host starts whether or not the book can be owned here: while another process owns it, its folder is in use or a server is down, this
    /// process stands by and takes over by itself (<see cref="DaybookOptions.StandBy"/>). Two health checks show that: <c>daybook-live</c>, tagged
    /// <c>live</c>, is green for a standby too; <c>daybook</c>, tagged <c>ready</c>, is green only when every partition is owned here and makes
    /// progress, and otherwise names the reason and, where it is known, the owner.
    /// </remarks>
    /// <param name="builder">The host's builder.</param>
    /// <param name="configure">Chooses the parts of the book.</param>
    /// <exception cref="DaybookException">A registration is wrong, or the host has a book already (<see cref="ErrorCode.InvalidArgument"/>); the
    /// message names it. What needs opening is checked when the host starts.</exception>
    public static IHostApplicationBuilder AddDaybook(this IHostApplicationBuilder builder, Action<DaybookBuilder> configure)
    {
        ArgumentNullException.ThrowIfNull(configure);
        var services = builder.Services;
        if (services.Any(service => service.ServiceType == typeof(HostedBook)))
            throw new DaybookException(ErrorCode.InvalidArgument,
                $"{nameof(AddDaybook)} was called twice on one host. A host has one book: put all handlers and projections into one call, or run the second book in a " +
                "host of its own (its aggregates could share no transaction with the first one's in any case).");
        var book = new DaybookBuilder();
        configure(book);
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton(provider => new HostedBook(book, provider, provider.GetRequiredService<TimeProvider>(), provider.GetRequiredService<ILoggerFactory>()));
        services.AddHostedService(provider => provider.GetRequiredService<HostedBook>());
        services.AddSingleton<IDaybook>(provider => provider.GetRequiredService<HostedBook>());
        services.AddSingleton<IBookStatus>(provider => provider.GetRequiredService<HostedBook>());
        services.AddSingleton(provider => provider.GetRequiredService<HostedBook>().Streams);
        services.AddSingleton<IProjections>(provider => new HostedProjections(provider.GetRequiredService<HostedBook>()));
        foreach (var document in book.DocumentTypes)
            ReadModelRegistration.Add(services, document);
        services.AddHealthChecks()
            .AddCheck<DaybookHealthCheck>("daybook", tags: ["ready"])
            .AddCheck<DaybookLiveCheck>("daybook-live", tags: ["live"]);
        return builder;
    }
}
