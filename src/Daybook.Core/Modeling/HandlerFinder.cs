using System.Reflection;

namespace Daybook.Core.Modeling;

/// <summary>
/// Finds handlers: public static methods named <c>Handle</c> that return a <see cref="Decision"/>. A method that was written as one and cannot
/// be used is refused, since leaving it out would show only when its command is sent.
/// </summary>
internal static class HandlerFinder
{
    private const BindingFlags All =
        BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Static | BindingFlags.Instance | BindingFlags.DeclaredOnly;

    /// <summary>The handlers of all types of an assembly, private ones left out. Other methods named <c>Handle</c> may be there.</summary>
    public static IEnumerable<MethodInfo> In(Assembly assembly) =>
        assembly.GetTypes().Where(EventTypes.IsVisible)
            .SelectMany(type => type.GetMethods(All).Where(method => method.Name == "Handle" && Returns(method) is not null))
            .Select(Usable);

    /// <summary>The handlers of one class, inherited ones included.</summary>
    /// <exception cref="DaybookException">There is none, or a method named <c>Handle</c> is none.</exception>
    public static IReadOnlyList<MethodInfo> In(Type type)
    {
        ArgumentNullException.ThrowIfNull(type);
        var methods = Inherited(type).SelectMany(t => t.GetMethods(All)).Where(method => !method.Name.Contains('.')).ToArray();
        var handlers = methods.Where(method => method.Name == "Handle").Select(Usable).ToArray();
        if (handlers.Length > 0)
            return handlers;
        var others = methods.Where(method => Returns(method) is not null).Select(method => $"'{method.Name}'").ToArray();
        var found = others.Length == 0 ? "" : $" It has {string.Join(", ", others)}; rename what is a handler to Handle.";
        throw new DaybookException(ErrorCode.InvalidArgument, $"'{type}' has no handler: no public static Decision Handle(command, state, …).{found}");
    }

    private static IEnumerable<Type> Inherited(Type type)
    {
        for (var t = type; t is not null && t != typeof(object); t = t.BaseType)
            yield return t;
    }

    private static MethodInfo Usable(MethodInfo method) =>
        WhyUnusable(method) is { } why
            ? throw new DaybookException(ErrorCode.InvalidArgument, $"The handler {method.DeclaringType}.{method.Name} cannot be used: {why}.")
            : method;

    private static string? WhyUnusable(MethodInfo method)
    {
        if (method.ReturnType != typeof(Decision))
            return Returns(method) is not null || method.ReturnType.Name.StartsWith("Task", StringComparison.Ordinal)
                || method.ReturnType.Name.StartsWith("ValueTask", StringComparison.Ordinal)
                ? "it is asynchronous; a handler decides from its command and states alone, so return Decision, and do what waits before sending the command or in a reaction"
                : $"it returns {method.ReturnType.Name}; return Decision, or rename it if it is no handler";
        if (!method.IsStatic)
            return "it is an instance method; make it static, and pass what it needs in the command";
        if (!method.IsPublic)
            return "it is not public; make it public, or rename it if it is no handler";
        if (method.IsGenericMethodDefinition || method.DeclaringType!.ContainsGenericParameters)
            return "it is generic; write one handler for each command type";
        return method.GetParameters().Select(WhyUnusable).FirstOrDefault(why => why is not null);
    }

    private static string? WhyUnusable(ParameterInfo parameter)
    {
        if (parameter.ParameterType.IsByRef || parameter.ParameterType.IsByRefLike || parameter.ParameterType.IsPointer)
            return $"its parameter '{parameter.Name}' is passed by reference; pass it by value";
        return parameter.IsDefined(typeof(ParamArrayAttribute))
            ? $"its parameter '{parameter.Name}' is a params array; name each aggregate, or take an IReadOnlyDictionary of them"
            : null;
    }

    /// <summary>What a method decides, directly or after waiting; null when it decides nothing.</summary>
    private static Type? Returns(MethodInfo method)
    {
        if (method.ReturnType == typeof(Decision))
            return method.ReturnType;
        return method.ReturnType is { IsGenericType: true } type && type.GetGenericArguments() is [var only] && only == typeof(Decision) ? only : null;
    }
}
