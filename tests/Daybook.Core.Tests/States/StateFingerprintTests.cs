using System.Reflection;
using System.Reflection.Emit;
using System.Text.Json;
using System.Text.Json.Serialization;
using Daybook.Core.Modeling;

namespace Daybook.Core.Tests.States;

public sealed class StateFingerprintTests
{
    private const long Stored = 5554693560895170095;
    private const MethodAttributes Accessor = MethodAttributes.Public | MethodAttributes.SpecialName | MethodAttributes.HideBySig;

    [Fact]
    public void Version_of_an_assembly_is_no_part_of_a_shape() =>
        Assert.Equal(Of(new Version(1, 0), "Quantity"), Of(new Version(1, 1), "Quantity"));

    [Fact]
    public void Member_of_a_type_inside_a_generic_one_is_part_of_the_shape() =>
        Assert.NotEqual(Of(new Version(1, 0), "Quantity"), Of(new Version(1, 0), "Count"));

    [Fact]
    public void Attribute_that_changes_the_json_of_a_member_or_type_is_part_of_the_shape()
    {
        var shapes = new List<long> { Plain() };
        foreach (var (attribute, arguments) in new (Type, object[])[]
        {
            (typeof(JsonConverterAttribute), [typeof(Cents)]), (typeof(JsonConverterAttribute), [typeof(Mills)]),
            (typeof(JsonNumberHandlingAttribute), [JsonNumberHandling.WriteAsString]), (typeof(JsonIgnoreAttribute), []),
        })
        {
            var mark = new CustomAttributeBuilder(attribute.GetConstructor([.. arguments.Select(a => a is Type ? typeof(Type) : a.GetType())])!, arguments);
            shapes.Add(Shape("Shop.Wal", (_, total) => total.SetCustomAttribute(mark)));
            if (attribute != typeof(JsonIgnoreAttribute))
                shapes.Add(Shape("Shop.Wal", (type, _) => type.SetCustomAttribute(mark)));
        }
        Assert.Equal(shapes.Count, shapes.Distinct().Count());
        Assert.Equal(Plain(), Shape("Shop.Wal", (_, total) => total.SetCustomAttribute(new CustomAttributeBuilder(
            typeof(JsonPropertyOrderAttribute).GetConstructor([typeof(int)])!, [1]))));

        long Plain() => Shape("Shop.Wal", (_, _) => { });
        long Shape(string name, Action<TypeBuilder, PropertyBuilder> mark) => StateFingerprint.Of(Define(new Version(1, 0), name, "Total", typeof(decimal), mark));
    }

    [Fact]
    public void Shape_without_attributes_keeps_the_fingerprint_that_stands_in_snapshots() =>
        Assert.Equal(Stored, StateFingerprint.Of(Define(new Version(1, 0), "Shop.Wal", "Total", typeof(decimal), (_, _) => { })));

    /// <summary>The fingerprint of lists by key of a type Shop.Line, as the build of one version has it.</summary>
    private static long Of(Version version, string property) => StateFingerprint.Of(typeof(Dictionary<,>).MakeGenericType(
        typeof(string), typeof(List<>).MakeGenericType(Define(version, "Shop.Line", property, typeof(int), (_, _) => { }))));

    private static Type Define(Version version, string name, string property, Type value, Action<TypeBuilder, PropertyBuilder> mark)
    {
        var assembly = AssemblyBuilder.DefineDynamicAssembly(new AssemblyName("Shop") { Version = version }, AssemblyBuilderAccess.Run);
        var type = assembly.DefineDynamicModule("Shop").DefineType(name, TypeAttributes.Public);
        var field = type.DefineField("_value", value, FieldAttributes.Private);
        var getter = type.DefineMethod("get_" + property, Accessor, value, Type.EmptyTypes);
        var code = getter.GetILGenerator();
        code.Emit(OpCodes.Ldarg_0);
        code.Emit(OpCodes.Ldfld, field);
        code.Emit(OpCodes.Ret);
        var setter = type.DefineMethod("set_" + property, Accessor, null, [value]);
        code = setter.GetILGenerator();
        code.Emit(OpCodes.Ldarg_0);
        code.Emit(OpCodes.Ldarg_1);
        code.Emit(OpCodes.Stfld, field);
        code.Emit(OpCodes.Ret);
        var defined = type.DefineProperty(property, PropertyAttributes.None, value, null);
        defined.SetGetMethod(getter);
        defined.SetSetMethod(setter);
        mark(type, defined);
        return type.CreateType();
    }

    public sealed class Cents : JsonConverter<decimal>
    {
        public override decimal Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => reader.GetDecimal() / 100;

        public override void Write(Utf8JsonWriter writer, decimal value, JsonSerializerOptions options) => writer.WriteNumberValue(value * 100);
    }

    public sealed class Mills : JsonConverter<decimal>
    {
        public override decimal Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => reader.GetDecimal() / 1000;

        public override void Write(Utf8JsonWriter writer, decimal value, JsonSerializerOptions options) => writer.WriteNumberValue(value * 1000);
    }
}
