using System.Reflection;
using System.Reflection.Emit;
using Daybook.Core.Modeling;

namespace Daybook.Core.Tests.States;

public sealed class StateFingerprintTests
{
    private const MethodAttributes Accessor = MethodAttributes.Public | MethodAttributes.SpecialName | MethodAttributes.HideBySig;

    [Fact]
    public void Version_of_an_assembly_is_no_part_of_a_shape() =>
        Assert.Equal(Of(new Version(1, 0), "Quantity"), Of(new Version(1, 1), "Quantity"));

    [Fact]
    public void Member_of_a_type_inside_a_generic_one_is_part_of_the_shape() =>
        Assert.NotEqual(Of(new Version(1, 0), "Quantity"), Of(new Version(1, 0), "Count"));

    /// <summary>The fingerprint of lists by key of a type Shop.Line, as the build of one version has it.</summary>
    private static long Of(Version version, string property)
    {
        var assembly = AssemblyBuilder.DefineDynamicAssembly(new AssemblyName("Shop") { Version = version }, AssemblyBuilderAccess.Run);
        var line = assembly.DefineDynamicModule("Shop").DefineType("Shop.Line", TypeAttributes.Public);
        var field = line.DefineField("_value", typeof(int), FieldAttributes.Private);
        var getter = line.DefineMethod("get_" + property, Accessor, typeof(int), Type.EmptyTypes);
        var code = getter.GetILGenerator();
        code.Emit(OpCodes.Ldarg_0);
        code.Emit(OpCodes.Ldfld, field);
        code.Emit(OpCodes.Ret);
        var setter = line.DefineMethod("set_" + property, Accessor, null, [typeof(int)]);
        code = setter.GetILGenerator();
        code.Emit(OpCodes.Ldarg_0);
        code.Emit(OpCodes.Ldarg_1);
        code.Emit(OpCodes.Stfld, field);
        code.Emit(OpCodes.Ret);
        var defined = line.DefineProperty(property, PropertyAttributes.None, typeof(int), null);
        defined.SetGetMethod(getter);
        defined.SetSetMethod(setter);
        return StateFingerprint.Of(typeof(Dictionary<,>).MakeGenericType(typeof(string), typeof(List<>).MakeGenericType(line.CreateType())));
    }
}
