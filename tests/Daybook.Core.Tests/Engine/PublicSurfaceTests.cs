using System.Linq.Expressions;
using System.Reflection;
using Daybook.Memory;

namespace Daybook.Core.Tests.Engine;

/// <summary>
/// Every public constructor, property and method of the vocabulary and the engine, called with null, default and extreme arguments, and on a disposed book:
/// what comes out is an argument error or a <see cref="DaybookException"/>, never the trace of a bug. Found by reflection, so that a new member is covered.
/// </summary>
public sealed class PublicSurfaceTests
{
    private static readonly string s_large = new('x', 1024 * 1024);
    private static readonly string?[] s_texts = ["a", null, "", s_large, "\ud800", "\0"];

    public static TheoryData<Type> Types => [.. new[] { typeof(IDaybook).Assembly, typeof(Book).Assembly }.SelectMany(a => a.GetExportedTypes())
        .Where(t => !t.IsInterface && !typeof(Delegate).IsAssignableFrom(t) && !typeof(Attribute).IsAssignableFrom(t) && !t.IsEnum && t != typeof(Book))];

    [Theory]
    [MemberData(nameof(Types))]
    public async Task Extreme_arguments_are_refused_by_name_or_accepted(Type type)
    {
        var closed = type.ContainsGenericParameters ? Closed(type.GetGenericArguments(), type.MakeGenericType) : type;
        if (closed is null)
            return;
        var failures = new List<string>();
        foreach (var constructor in closed.GetConstructors())
            await TryAllAsync(constructor, arguments => constructor.Invoke(BindingFlags.DoNotWrapExceptions, null, arguments, null), failures);
        await TryMembersAsync(closed, () => Task.FromResult(Instance(closed)), failures);
        Assert.True(failures.Count == 0, string.Join('\n', failures));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Book_refuses_extreme_arguments_by_name_also_once_it_is_disposed(bool isDisposed)
    {
        var failures = new List<string>();
        await using var book = await Books.OpenAsync(options: o => o.Partitions = 2);
        await book.Send(new Open("a", 100));
        if (isDisposed)
            await book.DisposeAsync();
        await TryMembersAsync(typeof(Book), () => Task.FromResult<object?>(book), failures);
        await TryMembersAsync(book.Streams.GetType(), () => Task.FromResult<object?>(book.Streams), failures);
        Assert.True(failures.Count == 0, string.Join('\n', failures));
    }

    private static async Task TryMembersAsync(Type type, Func<Task<object?>> instance, List<string> failures)
    {
        foreach (var method in type.GetMethods(BindingFlags.Public | BindingFlags.Instance | BindingFlags.Static).Where(IsCallable))
        {
            var target = method.IsStatic ? null : await instance();
            if (!method.IsStatic && target is null)
                continue;
            var call = method.ContainsGenericParameters ? Closed(method.GetGenericArguments(), method.MakeGenericMethod) : method;
            if (call is not null)
                await TryAllAsync(call, arguments => call.Invoke(target, BindingFlags.DoNotWrapExceptions, null, arguments, null), failures);
        }
    }

    private static bool IsCallable(MethodInfo method) =>
        method.DeclaringType != typeof(object) && method.DeclaringType != typeof(Exception) && method.Name is not ("DisposeAsync" or "Dispose" or "GetType")
        && method.GetParameters().All(p => !p.ParameterType.IsByRef && !p.ParameterType.IsByRefLike) && !method.ReturnType.IsByRefLike;

    /// <summary>All arguments harmless, then each in turn in every other way.</summary>
    private static async Task TryAllAsync(MethodBase method, Func<object?[], object?> call, List<string> failures)
    {
        var values = method.GetParameters().Select(p => Values(p.ParameterType)).ToArray();
        var harmless = values.Select(v => v[0]).ToArray();
        await TryAsync(method, harmless, call, failures);
        for (var i = 0; i < values.Length; i++)
        {
            foreach (var value in values[i].Skip(1))
            {
                var arguments = (object?[])harmless.Clone();
                arguments[i] = value;
                await TryAsync(method, arguments, call, failures);
            }
        }
    }

    private static async Task TryAsync(MethodBase method, object?[] arguments, Func<object?[], object?> call, List<string> failures)
    {
        using var cancel = new CancellationTokenSource();
        var given = Array.ConvertAll(arguments, a => a is CancellationToken ? cancel.Token : a);
        try
        {
            var ending = EndAsync(call(given));
            if (!ending.IsCompleted && await Task.WhenAny(ending, Task.Delay(50, CancellationToken.None)) != ending)
                await cancel.CancelAsync();
            await ending.WaitAsync(Blocking.Patience);
        }
        catch (Exception e) when (e is ArgumentException or DaybookException or OperationCanceledException or ObjectDisposedException
            || (e is InvalidOperationException && method.DeclaringType == typeof(Decision)))
        {
        }
        catch (Exception e)
        {
            var texts = given.Select(a => a is null ? "null" : a is string { Length: > 20 } ? "large text" : $"{a}");
            failures.Add($"{method.DeclaringType!.Name}.{method.Name}({string.Join(", ", texts)}): {e.GetType().Name} {e.Message} {e.StackTrace?.Split('\n')[0]}");
        }
    }

    private static async Task EndAsync(object? result)
    {
        if (result is Task task)
        {
            await task;
        }
        else if (result?.GetType() is { IsGenericType: true } type && type.GetGenericTypeDefinition() == typeof(ValueTask<>))
        {
            await (Task)type.GetMethod("AsTask")!.Invoke(result, null)!;
        }
        else if (result is ValueTask waiting)
        {
            await waiting;
        }
        else if (result is IAsyncEnumerable<RecordedEvent> events)
        {
            await events.FirstOrDefaultAsync();
        }
    }

    /// <summary>The first is harmless.</summary>
    private static object?[] Values(Type type)
    {
        if (type == typeof(string))
            return s_texts;
        if (type == typeof(CancellationToken))
            return [CancellationToken.None];
        if (type == typeof(object))
            return ["a", null, s_large, 1.5, new object()];
        if (type == typeof(Type))
            return [typeof(Wallet), null, typeof(object), typeof(List<>)];
        if (type == typeof(bool))
            return [true, false];
        if (type.IsEnum)
            return [Enum.GetValues(type).GetValue(0), Enum.ToObject(type, int.MaxValue)];
        if (Nullable.GetUnderlyingType(type) is { } inner)
            return [.. Values(inner), null];
        if (type.IsPrimitive || type == typeof(decimal))
            return [.. new[] { 1, 0, -1 }.Where(n => n >= 0 || IsSigned(type)).Select(n => Convert.ChangeType(n, type)), Extreme(type, "MinValue"), Extreme(type, "MaxValue")];
        if (type.IsValueType)
            return [Instance(type) ?? Activator.CreateInstance(type), Activator.CreateInstance(type), .. Extremes(type)];
        if (type.IsArray)
            return [Array.CreateInstance(type.GetElementType()!, 0), null, Array.CreateInstance(type.GetElementType()!, 1)];
        if (typeof(Delegate).IsAssignableFrom(type))
            return [DelegateOf(type), null];
        return [Instance(type), null];
    }

    private static bool IsSigned(Type type) => type != typeof(byte) && type != typeof(char) && !type.Name.StartsWith("UI", StringComparison.Ordinal);

    private static object? Extreme(Type type, string name) => type.GetField(name)?.GetValue(null) ?? Activator.CreateInstance(type);

    private static IEnumerable<object?> Extremes(Type type)
    {
        var constructor = type.GetConstructors().FirstOrDefault(c => c.GetParameters() is [{ ParameterType: { IsPrimitive: true } or { IsValueType: true } }]);
        if (constructor is null || type.Namespace?.StartsWith("System", StringComparison.Ordinal) == true)
            yield break;
        foreach (var value in Values(constructor.GetParameters()[0].ParameterType).Skip(1))
            yield return constructor.Invoke([value]);
    }

    private static Delegate DelegateOf(Type type)
    {
        var invoke = type.GetMethod("Invoke")!;
        var parameters = invoke.GetParameters().Select(p => Expression.Parameter(p.ParameterType)).ToArray();
        return Expression.Lambda(type, Expression.Default(invoke.ReturnType), parameters).Compile();
    }

    /// <summary>An instance made in the simplest way; null when there is none.</summary>
    private static object? Instance(Type type)
    {
        if (type == typeof(MemoryCoordinator) || type == typeof(Daybook.Coordination.ICoordinator))
            return new MemoryCoordinator();
        if (type == typeof(Daybook.Ledgers.ILedgerStore))
            return new MemoryLedgerStore();
        if (type == typeof(Decision))
            return Decision.Emit("a").And("b");
        if (type == typeof(TimeProvider))
            return TimeProvider.System;
        var usable = type.GetConstructors()
            .Where(c => !type.IsAbstract && c.GetParameters().All(p => !p.ParameterType.IsByRefLike && !p.ParameterType.IsPointer));
        foreach (var constructor in usable.OrderBy(c => c.GetParameters().Length))
        {
            try
            {
                return constructor.Invoke([.. constructor.GetParameters().Select(p => p.ParameterType == type ? null : Values(p.ParameterType)[0])]);
            }
            catch (TargetInvocationException)
            {
            }
        }
        return null;
    }

    private static T? Closed<T>(Type[] parameters, Func<Type[], T> close)
        where T : class
    {
        foreach (var candidate in new[] { typeof(Wallet), typeof(Change), typeof(Amounts), typeof(int) })
        {
            try
            {
                return close(Array.ConvertAll(parameters, _ => candidate));
            }
            catch (ArgumentException)
            {
            }
        }
        return null;
    }
}
