using GeoFabric.Database.Schemas;
using GeoFabric.Primitives.Errors;
using GeoFabric.Primitives.Values;

namespace GeoFabric.Database.Catalog;

/// <summary>Which writes a schema is held against.</summary>
public enum SchemaLevel
{
    /// <summary>None: the schema is kept and not used.</summary>
    None,

    /// <summary>New documents.</summary>
    New,

    /// <summary>New documents, and changes of documents that met the schema before.</summary>
    Moderate,

    /// <summary>New and changed documents.</summary>
    Strict,
}

/// <summary>
/// What the documents of a collection must look like. Held against each write in the region where it is made; what merging makes of several regions'
/// writes is not refused, as nobody is left to whom it could be.
/// </summary>
/// <param name="Rule">JSON Schema (<see cref="JsonSchema"/>), 65,536 characters at most.</param>
/// <param name="Message">Said instead of what is wrong; empty for that.</param>
public sealed record CollectionSchema(Value Rule, SchemaLevel Level, string Message)
{
    private const int RuleLengthMax = 64 * 1024;

    private static readonly string[] Words = ["rule", "level", "message", "type"];

    /// <summary>Reads what a client asks for.</summary>
    /// <returns>Null for <c>null</c> and for <c>{}</c>, which take the schema away.</returns>
    /// <exception cref="GeoFabricException">1621, saying what is wrong with it.</exception>
    public static CollectionSchema? Parse(Value source)
    {
        if (source.IsNull || (source.IsObject && source.Attributes.Count == 0))
            return null;
        if (!source.IsObject)
            throw ErrorCodes.SchemaInvalid.With($"'schema' is {source.Kind}; it is an object such as {{\"rule\":{{\"required\":[\"name\"]}},\"level\":\"strict\"}}, or null");
        foreach (var (nameUtf8, _) in source.Attributes)
        {
            var name = System.Text.Encoding.UTF8.GetString(nameUtf8);
            if (!Words.Contains(name))
                throw ErrorCodes.SchemaInvalid.With($"'schema' has no '{name}'; it has rule, level and message");
        }
        if (source.GetAttribute("type"u8) is var type && !type.IsNull && type.ToString() != "\"json\"")
            throw ErrorCodes.SchemaInvalid.With($"type {type}; the only one is \"json\"");
        var message = source.GetAttribute("message"u8);
        if (!message.IsNull && !message.IsString)
            throw ErrorCodes.SchemaInvalid.With($"message {message}; it is a string");
        if (!source.TryGetAttribute("rule"u8, out var rule))
            throw ErrorCodes.SchemaInvalid.With("'rule', the JSON Schema, is missing");
        if (rule.ToString().Length > RuleLengthMax)
            throw ErrorCodes.SchemaInvalid.With($"rule has more than {RuleLengthMax} characters");
        SchemaWords.Check(rule);
        return new CollectionSchema(rule.Detach(), ParseLevel(source.GetAttribute("level"u8)), message.IsString ? message.Text : "");
    }

    /// <summary>Reads what <see cref="Describe"/> wrote. Not checked again: another region may have checked it by a later version of the rules.</summary>
    internal static CollectionSchema? Read(Value kept) => kept.IsObject
        ? new CollectionSchema(kept.GetAttribute("rule"u8).Detach(), ParseLevel(kept.GetAttribute("level"u8)), kept.GetAttribute("message"u8).Text)
        : null;

    /// <summary>Refuses a write that leads to a document which does not meet the schema.</summary>
    /// <param name="old">Null for a new document.</param>
    /// <exception cref="GeoFabricException">1620.</exception>
    internal void Demand(CollectionDefinition collection, Value old, Value written)
    {
        if (Level == SchemaLevel.None || (Level == SchemaLevel.New && !old.IsNull) || JsonSchema.FindError(written, Rule) is not { } error)
            return;
        if (Level == SchemaLevel.Moderate && !old.IsNull && JsonSchema.FindError(old, Rule) is not null)
            return;
        throw ErrorCodes.SchemaViolated.With($"{(Message.Length > 0 ? Message : error)} (collection '{collection.Name}')");
    }

    /// <summary>As clients see it and as it is kept.</summary>
    public Value Describe()
    {
        using var builder = new ValueBuilder();
        builder.BeginObject();
        builder.WriteAttribute("rule"u8, Rule);
        builder.WriteAttribute("level"u8, Value.FromString(NameOf(Level)));
        builder.WriteAttribute("message"u8, Value.FromString(Message));
        builder.WriteAttribute("type"u8, Value.FromString("json"));
        builder.EndObject();
        return builder.Build();
    }

    private static SchemaLevel ParseLevel(Value source)
    {
        if (source.IsNull)
            return SchemaLevel.Strict;
        foreach (var level in Enum.GetValues<SchemaLevel>())
        {
            if (source.IsString && source.Text == NameOf(level))
                return level;
        }
        throw ErrorCodes.SchemaInvalid.With($"level {source}; it is one of {string.Join(", ", Enum.GetValues<SchemaLevel>().Select(NameOf))}");
    }

    private static string NameOf(SchemaLevel level) => level switch
    {
        SchemaLevel.None => "none",
        SchemaLevel.New => "new",
        SchemaLevel.Moderate => "moderate",
        _ => "strict",
    };
}
