using System.Text.Json;
using System.Text.Json.Serialization;

namespace Daybook.Core.Tests.States.Values;

public enum Colour
{
    Red = 1,
    Blue = 2,
}

[Flags]
public enum Access
{
    None = 0,
    Read = 1,
    Write = 2,
}

[JsonConverter(typeof(JsonStringEnumConverter<Spelled>))]
public enum Spelled
{
    One,
    Two,
}

public readonly record struct Pair(int Number, string Text);

public sealed class Folded() : Dictionary<string, int>(StringComparer.OrdinalIgnoreCase);

public sealed record Outer
{
    public required Inner Inner { get; init; }

    public int Unset { get; init; } = 5;
}

public sealed record Inner(string Text, decimal Amount)
{
    public string? Note { get; init; }
}

public sealed record Renamed([property: JsonPropertyName("n")] int Number)
{
    [JsonPropertyName("Number")]
    public int Other { get; init; }

    [JsonIgnore]
    public int Forgotten { get; init; }
}

public sealed record Left
{
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public int Number { get; init; } = 5;
}

[JsonDerivedType(typeof(Disc), "disc"), JsonDerivedType(typeof(Tile), "tile")]
public abstract record Figure;

public sealed record Disc(double Radius) : Figure;

public sealed record Tile(int Side) : Figure;

public sealed record Scene(Figure Main, Disc Favourite);

[JsonConverter(typeof(OfTwelve))]
public sealed record Twelve(int Value);

/// <summary>Keeps the remainder of 12 only, so that it changes what it stores.</summary>
public sealed class OfTwelve : JsonConverter<Twelve>
{
    public override Twelve Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => new(reader.GetInt32() + 12);

    public override void Write(Utf8JsonWriter writer, Twelve value, JsonSerializerOptions options) => writer.WriteNumberValue(value.Value % 12);
}

/// <summary>A value that its reading changes.</summary>
public struct Callback(int value) : IJsonOnDeserialized
{
    public int Value { get; set; } = value;

    public void OnDeserialized() => Value = 100;
}

[JsonConverter(typeof(ChoiceText))]
public sealed class Choice
{
    private readonly string _text;

    private Choice(string text) => _text = text;

    public static Choice Yes { get; } = new("yes");

    private sealed class ChoiceText : JsonConverter<Choice>
    {
        public override Choice Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => new(reader.GetString()!);

        public override void Write(Utf8JsonWriter writer, Choice value, JsonSerializerOptions options) => writer.WriteStringValue(value._text);
    }
}

public sealed record Link(int Value, Link? Next)
{
    public static Link Of(int length) => new(length, length == 1 ? null : Of(length - 1));
}

public sealed class PrivateSetter
{
    public int Total { get; private set; } = 1;

    public void Add() => Total++;
}

public sealed record PrivateField(int Total)
{
    private int _count = 1;

    public int Next() => ++_count;
}

public record Animal(string Name);

public sealed record Dog(string Name, int Legs) : Animal(Name);

/// <summary>Cases as F# has them: a private constructor and a factory for each.</summary>
public abstract class Cases
{
    private Cases()
    {
    }

    public static Cases Of(int value) => new One(value);

    private sealed class One(int value) : Cases
    {
        public int Value => value;
    }
}

public class Hidden
{
    public string Name { get; init; } = "base";
}

public sealed class Hiding : Hidden
{
    public new int Name { get; init; }
}

/// <summary>An event of its own type may hold one of a derived type.</summary>
public record Root(int Value, Root? Next);

public sealed record Branch(int Value, Root? Next, string Leaf) : Root(Value, Next);

[JsonDerivedType(typeof(Box2), "box")]
public abstract record Container;

public record Box2(int Width) : Container;

public sealed record Crate(int Width, int Boards) : Box2(Width);

public sealed record Framed(Container Main, Box2 Other);

public sealed record Twins([property: JsonPropertyName("name")] int One, [property: JsonPropertyName("name")] int Other);
