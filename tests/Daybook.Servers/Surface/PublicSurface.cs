using System.Reflection;

namespace Daybook.Servers.Surface;

/// <summary>
/// Calls every public constructor, property and method, found by reflection so that a new member is covered: with null, default and extreme
/// arguments, or with a token that is cancelled. What does not end as it should is collected in <see cref="Failures"/>.
/// </summary>
/// <param name="values">What arguments are made of.</param>
/// <param name="accepts">Whether a member may end with an error; the trace of a bug, such as a <see cref="NullReferenceException"/>, it may
/// not.</param>
public sealed class PublicSurface(ArgumentValues values, Func<MethodBase, Exception, bool> accepts)
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan s_wait = TimeSpan.FromMilliseconds(50);

    private readonly List<string> _failures = [];

    /// <summary>A line for each call that ended otherwise than it should.</summary>
    public IReadOnlyList<string> Failures => _failures;

    /// <summary>The types of assemblies that can be instantiated.</summary>
    public static IEnumerable<Type> TypesOf(params IEnumerable<Assembly> assemblies) => assemblies.SelectMany(a => a.GetExportedTypes())
        .Where(t => !t.IsInterface && !typeof(Delegate).IsAssignableFrom(t) && !typeof(Attribute).IsAssignableFrom(t) && !t.IsEnum);

    /// <summary>Calls the constructors and the members of a type, on the instance that is made most simply.</summary>
    public async Task TryAsync(Type type)
    {
        var closed = type.ContainsGenericParameters ? values.Close(type.GetGenericArguments(), type.MakeGenericType) : type;
        if (closed is null)
            return;
        foreach (var constructor in closed.GetConstructors())
            await TryAllAsync(constructor, arguments => constructor.Invoke(BindingFlags.DoNotWrapExceptions, null, arguments, null));
        await TryMembersAsync(closed, () => values.Instance(closed));
    }

    /// <summary>Calls the members of an object.</summary>
    public Task TryAsync(object instance) => TryMembersAsync(instance.GetType(), () => instance);

    /// <summary>Calls each method that takes a token, with harmless arguments and a token that is cancelled: it must end with
    /// <see cref="OperationCanceledException"/>.</summary>
    /// <param name="type">The type of the methods.</param>
    /// <param name="instance">The object; null calls the static methods.</param>
    /// <param name="isCancelledBefore">False to cancel only once the method waits.</param>
    /// <param name="except">Methods that have nothing to wait for; null for none.</param>
    public async Task TryTokensAsync(Type type, object? instance, bool isCancelledBefore, Func<MethodInfo, bool>? except = null)
    {
        foreach (var method in MethodsOf(type).Where(m => m.IsStatic == instance is null && except?.Invoke(m) != true))
        {
            if (method.GetParameters().All(p => p.ParameterType != typeof(CancellationToken)))
                continue;
            var arguments = Array.ConvertAll(method.GetParameters(), p => values.Of(p)[0]);
            using var cancel = new CancellationTokenSource();
            if (isCancelledBefore)
                await cancel.CancelAsync();
            var failure = await CatchAsync(method, instance, arguments, cancel);
            if (failure is not OperationCanceledException)
                Note(method, arguments, failure ?? new InvalidOperationException("it ended in spite of its token"));
        }
    }

    private static IEnumerable<MethodInfo> MethodsOf(Type type) =>
        type.GetMethods(BindingFlags.Public | BindingFlags.Instance | BindingFlags.Static).Where(IsCallable);

    private static bool IsCallable(MethodInfo method) =>
        method.DeclaringType != typeof(object) && method.DeclaringType != typeof(Exception) && method.Name is not ("DisposeAsync" or "Dispose" or "GetType")
        && method.GetParameters().All(p => !p.ParameterType.IsByRef && !p.ParameterType.IsByRefLike) && !method.ReturnType.IsByRefLike;

    private async Task TryMembersAsync(Type type, Func<object?> instance)
    {
        foreach (var method in MethodsOf(type))
        {
            var target = method.IsStatic ? null : instance();
            if (!method.IsStatic && target is null)
                continue;
            var call = method.ContainsGenericParameters ? values.Close(method.GetGenericArguments(), method.MakeGenericMethod) : method;
            if (call is not null)
                await TryAllAsync(call, arguments => Awaited(call, call.Invoke(target, BindingFlags.DoNotWrapExceptions, null, arguments, null)));
        }
    }

    /// <summary>A property that is a task stands for news that may never come.</summary>
    private static object? Awaited(MethodInfo method, object? result) => method.IsSpecialName ? null : result;

    /// <summary>All arguments harmless, then each in turn in every other way.</summary>
    private async Task TryAllAsync(MethodBase method, Func<object?[], object?> call)
    {
        var choices = Array.ConvertAll(method.GetParameters(), values.Of);
        var harmless = Array.ConvertAll(choices, choice => choice[0]);
        await TryOneAsync(method, harmless, call);
        for (var i = 0; i < choices.Length; i++)
        {
            foreach (var value in choices[i].Skip(1))
            {
                var arguments = (object?[])harmless.Clone();
                arguments[i] = value;
                await TryOneAsync(method, arguments, call);
            }
        }
    }

    private async Task TryOneAsync(MethodBase method, object?[] arguments, Func<object?[], object?> call)
    {
        using var cancel = new CancellationTokenSource();
        if (await CatchAsync(call, arguments, cancel) is { } failure && failure is not OperationCanceledException && !accepts(method, failure))
            Note(method, arguments, failure);
    }

    private static Task<Exception?> CatchAsync(MethodInfo method, object? instance, object?[] arguments, CancellationTokenSource cancel) =>
        CatchAsync(given => method.Invoke(instance, BindingFlags.DoNotWrapExceptions, null, given, null), arguments, cancel);

    /// <summary>Calls, cancels what waits, and returns what the call ended with; null for success.</summary>
    private static async Task<Exception?> CatchAsync(Func<object?[], object?> call, object?[] arguments, CancellationTokenSource cancel)
    {
        try
        {
            var ending = CallEnd.OfAsync(call(Array.ConvertAll(arguments, a => a is CancellationToken ? cancel.Token : a)));
            if (!ending.IsCompleted && await Task.WhenAny(ending, Task.Delay(s_wait, CancellationToken.None)) != ending)
                await cancel.CancelAsync();
            await ending.WaitAsync(s_patience);
            return null;
        }
        catch (Exception e)
        {
            return e;
        }
    }

    private void Note(MethodBase method, object?[] arguments, Exception failure)
    {
        var texts = arguments.Select(a => a is null ? "null" : a is string { Length: > 20 } ? "large text" : $"{a}");
        _failures.Add($"{method.DeclaringType!.Name}.{method.Name}({string.Join(", ", texts)}): {failure.GetType().Name} {failure.Message} {failure.StackTrace?.Split('\n')[0]}");
    }
}
