using System.Linq.Expressions;
using System.Reflection;

namespace Daybook.Core.Modeling;

/// <summary>Finds and compiles the methods that fold events into a state, and refuses those that look like one but cannot be called.</summary>
internal static class FoldCompiler
{
    private const BindingFlags All = BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Static | BindingFlags.Instance;

    public static FoldMethods<Func<object, object>> Creates(Type state)
    {
        var methods = new Dictionary<Type, Func<object, object>>();
        foreach (var method in Named(state, "Create", state.GetMethods(All | BindingFlags.DeclaredOnly)))
        {
            var value = Expression.Parameter(typeof(object));
            var parameter = method.GetParameters()[0].ParameterType;
            var call = Expression.Call(method, Expression.Convert(value, parameter));
            methods.TryAdd(parameter, Expression.Lambda<Func<object, object>>(call, value).Compile());
        }
        return new(state, "Create", methods);
    }

    public static FoldMethods<Func<object, object, object>> Applies(Type state)
    {
        var methods = new Dictionary<Type, Func<object, object, object>>();
        foreach (var method in Named(state, "Apply", Inherited(state)))
        {
            ParameterExpression current = Expression.Parameter(typeof(object)), value = Expression.Parameter(typeof(object));
            var parameter = method.GetParameters()[0].ParameterType;
            var call = Expression.Call(Expression.Convert(current, state), method, Expression.Convert(value, parameter));
            methods.TryAdd(parameter, Expression.Lambda<Func<object, object, object>>(call, current, value).Compile());
        }
        return new(state, "Apply", methods);
    }

    /// <summary>Methods of the type and its bases, the most derived first.</summary>
    private static IEnumerable<MethodInfo> Inherited(Type state)
    {
        for (var type = state; type is not null && type != typeof(object); type = type.BaseType)
        {
            foreach (var method in type.GetMethods(All | BindingFlags.DeclaredOnly))
                yield return method;
        }
    }

    private static IEnumerable<MethodInfo> Named(Type state, string name, IEnumerable<MethodInfo> methods)
    {
        foreach (var method in methods.Where(m => m.Name == name))
        {
            if (WhyUnusable(method, state) is not { } why)
                yield return method;
            else if (IsMeantToFold(method))
                throw new DaybookException(ErrorCode.InvalidArgument, $"The method '{Signature(method)}' of '{state}' {why}.");
        }
    }

    private static string? WhyUnusable(MethodInfo method, Type state)
    {
        var needsStatic = method.Name == "Create";
        if (method.IsStatic != needsStatic)
            return needsStatic ? "must be static, since it makes the first state" : "must not be static, since it changes a state";
        if (!method.IsPublic)
            return "is not public; make it public";
        if (method.IsGenericMethodDefinition)
            return "is generic; write one method for each event type, or for a base type of them";
        if (method.GetParameters() is not [var only])
            return "must take one event and nothing else";
        if (only.ParameterType.IsByRef || only.ParameterType.IsByRefLike || only.ParameterType.IsPointer)
            return "must take its event by value";
        return state.IsAssignableFrom(method.ReturnType)
            ? null
            : $"must return the new {state.Name}, not {method.ReturnType.Name}; states are values, never changed in place, and made without waiting";
    }

    /// <summary>Whether a method that cannot be used was written to fold an event: then leaving it out would be a fault that nobody sees.</summary>
    private static bool IsMeantToFold(MethodInfo method)
    {
        if (method.GetParameters() is not [var first, ..])
            return false;
        var type = first.ParameterType.HasElementType ? first.ParameterType.GetElementType()! : first.ParameterType;
        var isPublicApply = method is { Name: "Apply", IsPublic: true, IsStatic: false, IsGenericMethodDefinition: false };
        return type.IsGenericMethodParameter || EventTypes.IsEvent(type) || EventTypes.DerivedFrom(type).Any()
            || (isPublicApply && method.GetParameters().Length == 1);
    }

    private static string Signature(MethodInfo method) =>
        $"{method.ReturnType.Name} {method.Name}({string.Join(", ", method.GetParameters().Select(p => p.ParameterType.Name))})";
}
