using System.Collections.Frozen;
using System.Text;
using GeoFabric.Primitives.Errors;
using GeoFabric.Primitives.Patterns;
using GeoFabric.Primitives.Values;

namespace GeoFabric.Database.Schemas;

/// <summary>
/// The words of JSON Schema that <see cref="JsonSchema"/> knows, and what stands behind each. A collection takes only schemas that it can hold its
/// documents to: what is misspelt by kind, or would need words nobody checks, is refused when it is set and not overlooked when it counts.
/// </summary>
/// <remarks>Words that only describe (<c>title</c>, <c>default</c>, <c>format</c>, ...) and unknown ones demand nothing, as the standard says.</remarks>
internal static class SchemaWords
{
    /// <summary>Schemas inside each other at most; checking one needs as much stack.</summary>
    public const int NestingMax = 100;

    private static readonly string[] Types = ["null", "boolean", "number", "integer", "string", "array", "object"];

    private enum Form
    {
        Schema,
        Schemas,
        SchemaOrSchemas,
        SchemaByName,
        SchemaByPattern,
        Types,
        Values,
        Names,
        NamesByName,
        SchemaOrNamesByName,
        Number,
        NumberOrFlag,
        Count,
        Flag,
        Pattern,
        Refused,
    }

    private static readonly FrozenDictionary<string, Form> Table = new Dictionary<string, Form>
    {
        ["type"] = Form.Types,
        ["enum"] = Form.Values,
        ["minimum"] = Form.Number,
        ["maximum"] = Form.Number,
        ["exclusiveMinimum"] = Form.NumberOrFlag,
        ["exclusiveMaximum"] = Form.NumberOrFlag,
        ["multipleOf"] = Form.Number,
        ["minLength"] = Form.Count,
        ["maxLength"] = Form.Count,
        ["pattern"] = Form.Pattern,
        ["items"] = Form.SchemaOrSchemas,
        ["prefixItems"] = Form.Schemas,
        ["additionalItems"] = Form.Schema,
        ["contains"] = Form.Schema,
        ["minContains"] = Form.Count,
        ["maxContains"] = Form.Count,
        ["minItems"] = Form.Count,
        ["maxItems"] = Form.Count,
        ["uniqueItems"] = Form.Flag,
        ["properties"] = Form.SchemaByName,
        ["patternProperties"] = Form.SchemaByPattern,
        ["additionalProperties"] = Form.Schema,
        ["propertyNames"] = Form.Schema,
        ["required"] = Form.Names,
        ["dependencies"] = Form.SchemaOrNamesByName,
        ["dependentRequired"] = Form.NamesByName,
        ["dependentSchemas"] = Form.SchemaByName,
        ["minProperties"] = Form.Count,
        ["maxProperties"] = Form.Count,
        ["allOf"] = Form.Schemas,
        ["anyOf"] = Form.Schemas,
        ["oneOf"] = Form.Schemas,
        ["not"] = Form.Schema,
        ["if"] = Form.Schema,
        ["then"] = Form.Schema,
        ["else"] = Form.Schema,
        ["$ref"] = Form.Refused,
        ["$dynamicRef"] = Form.Refused,
        ["$recursiveRef"] = Form.Refused,
        ["unevaluatedItems"] = Form.Refused,
        ["unevaluatedProperties"] = Form.Refused,
    }.ToFrozenDictionary();

    /// <summary>Refuses a schema that documents could not be held to.</summary>
    /// <exception cref="GeoFabricException">400, naming the place and what would be right there.</exception>
    public static void Check(Value schema) => CheckSchema(schema, "rule", 1);

    private static void CheckSchema(Value schema, string path, int depth)
    {
        if (depth > NestingMax)
            throw Wrong(path, $"schemas inside each other may be {NestingMax}, not more");
        if (schema.IsBoolean)
            return;
        if (!schema.IsObject)
            throw Wrong(path, $"{Short(schema)} is not a schema; a schema is an object, true or false");
        foreach (var (name, value) in schema.Attributes)
        {
            var word = Encoding.UTF8.GetString(name);
            if (Table.TryGetValue(word, out var form))
                CheckForm(value, form, $"{path}.{word}", depth);
        }
    }

    private static void CheckForm(Value value, Form form, string path, int depth)
    {
        switch (form)
        {
            case Form.Schema:
                CheckSchema(value, path, depth + 1);
                break;
            case Form.Schemas or Form.SchemaOrSchemas when value.IsArray:
                CheckEach(value, path, (item, place) => CheckSchema(item, place, depth + 1));
                break;
            case Form.Schemas:
                throw Wrong(path, $"{Short(value)} is not an array of schemas");
            case Form.SchemaOrSchemas:
                CheckSchema(value, path, depth + 1);
                break;
            case Form.SchemaByName:
                CheckMembers(value, path, (_, member, place) => CheckSchema(member, place, depth + 1));
                break;
            case Form.SchemaByPattern:
                CheckMembers(value, path, (name, member, place) =>
                {
                    CheckPattern(name, place);
                    CheckSchema(member, place, depth + 1);
                });
                break;
            case Form.NamesByName:
                CheckMembers(value, path, (_, member, place) => CheckNames(member, place));
                break;
            case Form.SchemaOrNamesByName:
                CheckMembers(value, path, (_, member, place) =>
                {
                    if (member.IsArray)
                        CheckNames(member, place);
                    else
                        CheckSchema(member, place, depth + 1);
                });
                break;
            default:
                CheckScalar(value, form, path);
                break;
        }
    }

    private static void CheckScalar(Value value, Form form, string path)
    {
        switch (form)
        {
            case Form.Types when value.IsArray:
                CheckEach(value, path, CheckType);
                break;
            case Form.Types:
                CheckType(value, path);
                break;
            case Form.Values when !value.IsArray:
                throw Wrong(path, $"{Short(value)} is not an array of the values that are allowed");
            case Form.Names:
                CheckNames(value, path);
                break;
            case Form.Number when !value.IsNumber:
                throw Wrong(path, $"{Short(value)} is not a number");
            case Form.NumberOrFlag when !value.IsNumber && !value.IsBoolean:
                throw Wrong(path, $"{Short(value)} is neither a number nor, as in draft 4, true or false");
            case Form.Count when !value.IsNumber || value.Number < 0 || value.Number != Math.Floor(value.Number):
                throw Wrong(path, $"{Short(value)} is not a whole number from 0 on");
            case Form.Flag when !value.IsBoolean:
                throw Wrong(path, $"{Short(value)} is neither true nor false");
            case Form.Pattern:
                CheckPattern(value.IsString ? value.Text : throw Wrong(path, $"{Short(value)} is not a regular expression in a string"), path);
                break;
            case Form.Refused:
                throw Wrong(path, "this word is not followed; write the schema out where it is used");
        }
    }

    private static void CheckType(Value value, string path)
    {
        if (!value.IsString || !Types.Contains(value.Text))
            throw Wrong(path, $"{Short(value)} is not a type; types are {string.Join(", ", Types)}");
    }

    private static void CheckNames(Value value, string path)
    {
        if (!value.IsArray)
            throw Wrong(path, $"{Short(value)} is not an array of attribute names");
        CheckEach(value, path, (item, place) =>
        {
            if (!item.IsString)
                throw Wrong(place, $"{Short(item)} is not the name of an attribute");
        });
    }

    private static void CheckPattern(string pattern, string path)
    {
        if (RegexCache.Find(pattern, ignoreCase: false, "") is null)
            throw Wrong(path, $"'{pattern}' is not a regular expression that can be matched in linear time (look-around and back references cannot)");
    }

    private static void CheckEach(Value array, string path, Action<Value, string> check)
    {
        for (var i = 0; i < array.Items.Count; i++)
            check(array.Items[i], $"{path}[{i}]");
    }

    private static void CheckMembers(Value members, string path, Action<string, Value, string> check)
    {
        if (!members.IsObject)
            throw Wrong(path, $"{Short(members)} is not an object of names");
        foreach (var (name, member) in members.Attributes)
        {
            var text = Encoding.UTF8.GetString(name);
            check(text, member, $"{path}.{text}");
        }
    }

    private static string Short(Value value) => value.ToString() is { Length: > 60 } text ? string.Concat(text.AsSpan(0, 57), "...") : value.ToString();

    private static GeoFabricException Wrong(string path, string what) => ErrorCodes.SchemaInvalid.With($"{path}: {what}");
}
