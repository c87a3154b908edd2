using System.Runtime.CompilerServices;
using System.Text;
using GeoFabric.Primitives.Values;
using GeoFabric.Query.Evaluation;

namespace GeoFabric.Query.Builtins;

/// <summary>
/// Checks values against JSON Schema (draft 4, and the numeric bounds and <c>const</c> of later drafts). Words it does not know demand nothing;
/// schemas by reference are not followed.
/// </summary>
internal sealed class DocumentSchema(EvaluationContext context)
{
    private int _steps;

    /// <returns>Where the value differs from the schema and what it must be; null when it meets it.</returns>
    public string? FindError(Value value, Value schema) => Check(value, schema, "");

    private string? Check(Value value, Value schema, string path)
    {
        RuntimeHelpers.EnsureSufficientExecutionStack();
        if ((++_steps & 0x3FF) == 0)
            context.ThrowIfStopped();
        if (schema.IsBoolean)
            return schema.IsTruthy ? null : Say(path, "it must not be there");
        if (!schema.IsObject)
            return null;
        return CheckType(value, schema, path)
            ?? CheckChoice(value, schema, path)
            ?? (value.IsNumber ? CheckNumber(value, schema, path) : null)
            ?? (value.IsString ? CheckText(value, schema, path) : null)
            ?? (value.IsArray ? CheckItems(value, schema, path) : null)
            ?? (value.IsObject ? CheckAttributes(value, schema, path) : null)
            ?? CheckCombinations(value, schema, path);
    }

    private static string? CheckType(Value value, Value schema, string path)
    {
        var type = schema.GetAttribute("type"u8);
        if (type.IsString)
            return IsOf(value, type.Text) ? null : Say(path, $"it must be {type.Text}");
        if (!type.IsArray)
            return null;
        foreach (var one in type.Items)
        {
            if (one.IsString && IsOf(value, one.Text))
                return null;
        }
        return Say(path, $"it must be one of {type}");
    }

    private static bool IsOf(Value value, string type) => type switch
    {
        "null" => value.IsNull,
        "boolean" => value.IsBoolean,
        "number" => value.IsNumber,
        "integer" => value.IsNumber && value.Number == Math.Floor(value.Number),
        "string" => value.IsString,
        "array" => value.IsArray,
        "object" => value.IsObject,
        _ => true,
    };

    private static string? CheckChoice(Value value, Value schema, string path)
    {
        if (schema.TryGetAttribute("const"u8, out var constant) && !ValueComparer.Equal(value, constant))
            return Say(path, $"it must be {constant}");
        if (schema.GetAttribute("enum"u8) is not { IsArray: true } values)
            return null;
        foreach (var allowed in values.Items)
        {
            if (ValueComparer.Equal(value, allowed))
                return null;
        }
        return Say(path, $"it must be one of {values}");
    }

    private static string? CheckNumber(Value value, Value schema, string path)
    {
        var least = schema.GetAttribute("minimum"u8);
        var most = schema.GetAttribute("maximum"u8);
        var above = schema.GetAttribute("exclusiveMinimum"u8);
        var below = schema.GetAttribute("exclusiveMaximum"u8);
        // Draft 4 says by true or false whether a bound itself is allowed; later drafts give the bound there.
        if (least.IsNumber && (value.Number < least.Number || (above is { IsBoolean: true, IsTruthy: true } && value.Number == least.Number)))
            return Say(path, $"it must not be below {least}");
        if (most.IsNumber && (value.Number > most.Number || (below is { IsBoolean: true, IsTruthy: true } && value.Number == most.Number)))
            return Say(path, $"it must not be above {most}");
        if (above.IsNumber && value.Number <= above.Number)
            return Say(path, $"it must be above {above}");
        if (below.IsNumber && value.Number >= below.Number)
            return Say(path, $"it must be below {below}");
        var step = schema.GetAttribute("multipleOf"u8);
        return step.IsNumber && step.Number > 0 && Math.IEEERemainder(value.Number, step.Number) != 0 ? Say(path, $"it must be a multiple of {step}") : null;
    }

    private static string? CheckText(Value value, Value schema, string path)
    {
        if (CheckCount(CodePoints.Count(value.Utf8), schema, "minLength"u8, "maxLength"u8, path, "characters") is { } error)
            return error;
        return schema.GetAttribute("pattern"u8) is { IsString: true } pattern && RegexCache.TryMatch(value, pattern, ignoreCase: false, out var isMatch) && !isMatch
            ? Say(path, $"it must match {pattern}")
            : null;
    }

    private string? CheckItems(Value value, Value schema, string path)
    {
        var items = value.Items;
        if (CheckCount(items.Count, schema, "minItems"u8, "maxItems"u8, path, "items") is { } error)
            return error;
        var rule = schema.GetAttribute("items"u8);
        var rest = schema.GetAttribute("additionalItems"u8);
        var distinct = schema.GetAttribute("uniqueItems"u8).IsTruthy ? new ValueSet(context) : null;
        for (var i = 0; i < items.Count; i++)
        {
            if (distinct?.Add(items[i]) == false)
                return Say(path, "its items must differ");
            var own = !rule.IsArray ? rule : i < rule.Items.Count ? rule.Items[i] : rest;
            if (!own.IsNull && Check(items[i], own, $"{path}[{i}]") is { } inner)
                return inner;
        }
        return null;
    }

    private string? CheckAttributes(Value value, Value schema, string path)
    {
        if (CheckCount(value.Attributes.Count, schema, "minProperties"u8, "maxProperties"u8, path, "attributes") is { } error)
            return error;
        if (schema.GetAttribute("required"u8) is { IsArray: true } required)
        {
            foreach (var name in required.Items)
            {
                if (name.IsString && !value.Attributes.Contains(name.Utf8))
                    return Say(path, $"it must have the attribute '{name.Text}'");
            }
        }
        var rules = schema.GetAttribute("properties"u8);
        var rest = schema.GetAttribute("additionalProperties"u8);
        foreach (var (nameUtf8, attribute) in value.Attributes)
        {
            var name = Encoding.UTF8.GetString(nameUtf8);
            // What the system adds to every document is not the schema's business.
            if (path.Length == 0 && name is "_key" or "_id" or "_rev" or "_from" or "_to" && !rules.TryGetAttribute(nameUtf8, out _))
                continue;
            var own = rules.TryGetAttribute(nameUtf8, out var rule) ? rule : rest;
            if (!own.IsNull && Check(attribute, own, path.Length == 0 ? name : $"{path}.{name}") is { } inner)
                return inner;
        }
        return null;
    }

    private string? CheckCombinations(Value value, Value schema, string path)
    {
        if (schema.GetAttribute("allOf"u8) is { IsArray: true } all)
        {
            foreach (var one in all.Items)
            {
                if (Check(value, one, path) is { } error)
                    return error;
            }
        }
        if (schema.GetAttribute("anyOf"u8) is { IsArray: true } any && CountMet(value, any, path) == 0)
            return Say(path, "it must meet one of several schemas");
        if (schema.GetAttribute("oneOf"u8) is { IsArray: true } exactlyOne && CountMet(value, exactlyOne, path) != 1)
            return Say(path, "it must meet exactly one of several schemas");
        return schema.TryGetAttribute("not"u8, out var refused) && Check(value, refused, path) is null ? Say(path, "it meets a schema that it must not meet") : null;
    }

    private int CountMet(Value value, Value schemas, string path)
    {
        var count = 0;
        foreach (var one in schemas.Items)
            count += Check(value, one, path) is null ? 1 : 0;
        return count;
    }

    private static string? CheckCount(long count, Value schema, ReadOnlySpan<byte> least, ReadOnlySpan<byte> most, string path, string what)
    {
        if (schema.GetAttribute(least) is { IsNumber: true } fewest && count < fewest.Number)
            return Say(path, $"it must have at least {fewest} {what}");
        return schema.GetAttribute(most) is { IsNumber: true } highest && count > highest.Number ? Say(path, $"it must have at most {highest} {what}") : null;
    }

    private static string Say(string path, string what) => path.Length == 0 ? what : $"{path}: {what}";
}
