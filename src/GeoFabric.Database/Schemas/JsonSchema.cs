using System.Runtime.CompilerServices;
using System.Text;
using GeoFabric.Primitives.Errors;
using GeoFabric.Primitives.Patterns;
using GeoFabric.Primitives.Values;

namespace GeoFabric.Database.Schemas;

/// <summary>
/// Checks values against JSON Schema: draft 4 with what later drafts added, but for references and <c>unevaluated…</c>, which demand nothing here
/// (<see cref="SchemaWords"/> refuses them where a schema is to be kept). Source: json-schema.org, drafts 4 to 2020-12.
/// </summary>
public sealed class JsonSchema
{
    /// <summary>Visits of a value with a schema at most. A schema of a few kilobytes can ask for many times that of a large document.</summary>
    private const int StepsMax = 20_000_000;

    private const int SetEntryBytes = 48;

    private int _steps;

    private JsonSchema()
    {
    }

    /// <returns>Where the value differs from the schema and what it must be; null when it meets it.</returns>
    public static string? FindError(Value value, Value schema) => new JsonSchema().Check(value, schema, "");

    private string? Check(Value value, Value schema, string path)
    {
        RuntimeHelpers.EnsureSufficientExecutionStack();
        WatchedWork.Count(1);
        if (++_steps > StepsMax)
            throw ErrorCodes.ResourceLimit.With($"a schema takes more than {StepsMax} steps for one document; make it simpler or the document smaller");
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
        return schema.GetAttribute("pattern"u8) is { IsString: true } pattern && !IsMatch(value.Text, pattern.Text, unusable: true)
            ? Say(path, $"it must match {pattern}")
            : null;
    }

    private static bool IsMatch(string text, string pattern, bool unusable) => RegexCache.TryMatch(text, pattern, ignoreCase: false, out var isMatch) ? isMatch : unusable;

    private string? CheckItems(Value value, Value schema, string path)
    {
        var items = value.Items;
        if (CheckCount(items.Count, schema, "minItems"u8, "maxItems"u8, path, "items") is { } error)
            return error;
        if (schema.GetAttribute("uniqueItems"u8).IsTruthy && !AreDistinct(items))
            return Say(path, "its items must differ");
        var first = schema.GetAttribute("prefixItems"u8);
        var rule = schema.GetAttribute("items"u8);
        // Until 2020 the rules of the first items stood in "items" themselves, and those of the others in "additionalItems".
        if (rule.IsArray)
            (first, rule) = (rule, schema.GetAttribute("additionalItems"u8));
        var firstCount = first.IsArray ? first.Items.Count : 0;
        for (var i = 0; i < items.Count; i++)
        {
            var own = i < firstCount ? first.Items[i] : rule;
            if (!own.IsNull && Check(items[i], own, $"{path}[{i}]") is { } inner)
                return inner;
        }
        return schema.TryGetAttribute("contains"u8, out var wanted) ? CheckContains(items, schema, wanted, path) : null;
    }

    private string? CheckContains(ArrayView items, Value schema, Value wanted, string path)
    {
        var count = 0;
        foreach (var item in items)
            count += Check(item, wanted, path) is null ? 1 : 0;
        var least = schema.GetAttribute("minContains"u8) is { IsNumber: true } fewest ? fewest.Number : 1;
        if (count < least)
            return Say(path, $"it must contain at least {least} of what {wanted} says, not {count}");
        return schema.GetAttribute("maxContains"u8) is { IsNumber: true } most && count > most.Number ? Say(path, $"it must contain at most {most} of what {wanted} says, not {count}") : null;
    }

    private static bool AreDistinct(ArrayView items)
    {
        WatchedWork.DemandMemory((long)items.Count * SetEntryBytes);
        var seen = new HashSet<Value>(items.Count);
        foreach (var item in items)
        {
            WatchedWork.Count(1);
            if (!seen.Add(item))
                return false;
        }
        return true;
    }

    private string? CheckAttributes(Value value, Value schema, string path)
    {
        if (CheckCount(CountOwn(value, path), schema, "minProperties"u8, "maxProperties"u8, path, "attributes") is { } error)
            return error;
        if (CheckNames(value, schema.GetAttribute("required"u8)) is { } missing)
            return Say(path, $"it must have the attribute '{missing}'");
        if (CheckDependencies(value, schema, path) is { } dependency)
            return dependency;
        var rules = schema.GetAttribute("properties"u8);
        var patterns = schema.GetAttribute("patternProperties"u8);
        var names = schema.GetAttribute("propertyNames"u8);
        var rest = schema.GetAttribute("additionalProperties"u8);
        foreach (var (nameUtf8, attribute) in value.Attributes)
        {
            var name = Encoding.UTF8.GetString(nameUtf8);
            var hasRule = rules.TryGetAttribute(nameUtf8, out var rule);
            // What the system adds to every document is not the schema's business.
            if (path.Length == 0 && IsSystems(nameUtf8) && !hasRule)
                continue;
            var place = path.Length == 0 ? name : $"{path}.{name}";
            if (hasRule && Check(attribute, rule, place) is { } wrong)
                return wrong;
            if (!names.IsNull && Check(Value.FromString(name), names, path) is { } misnamed)
                return Say(place, $"its name: {misnamed}");
            if (CheckPatterns(name, attribute, patterns, place, ref hasRule) is { } unlike)
                return unlike;
            if (!hasRule && !rest.IsNull && Check(attribute, rest, place) is { } other)
                return other;
        }
        return null;
    }

    private static bool IsSystems(ReadOnlySpan<byte> name) =>
        name.SequenceEqual("_key"u8) || name.SequenceEqual("_id"u8) || name.SequenceEqual("_rev"u8) || name.SequenceEqual("_from"u8) || name.SequenceEqual("_to"u8);

    private static int CountOwn(Value value, string path)
    {
        var count = value.Attributes.Count;
        if (path.Length > 0)
            return count;
        foreach (var (name, _) in value.Attributes)
            count -= IsSystems(name) ? 1 : 0;
        return count;
    }

    private string? CheckPatterns(string name, Value attribute, Value patterns, string place, ref bool hasRule)
    {
        if (!patterns.IsObject)
            return null;
        foreach (var (pattern, rule) in patterns.Attributes)
        {
            if (!IsMatch(name, Encoding.UTF8.GetString(pattern), unusable: false))
                continue;
            hasRule = true;
            if (Check(attribute, rule, place) is { } error)
                return error;
        }
        return null;
    }

    /// <returns>The first of the names that the object has not.</returns>
    private static string? CheckNames(Value value, Value names)
    {
        if (!names.IsArray)
            return null;
        foreach (var name in names.Items)
        {
            if (name.IsString && !value.Attributes.Contains(name.Utf8))
                return name.Text;
        }
        return null;
    }

    private string? CheckDependencies(Value value, Value schema, string path) =>
        CheckDemands(value, schema.GetAttribute("dependencies"u8), path)
        ?? CheckDemands(value, schema.GetAttribute("dependentRequired"u8), path)
        ?? CheckDemands(value, schema.GetAttribute("dependentSchemas"u8), path);

    private string? CheckDemands(Value value, Value dependencies, string path)
    {
        if (!dependencies.IsObject)
            return null;
        foreach (var (name, demand) in dependencies.Attributes)
        {
            if (!value.Attributes.Contains(name))
                continue;
            if (CheckNames(value, demand) is { } missing)
                return Say(path, $"with '{Encoding.UTF8.GetString(name)}' it must have the attribute '{missing}' too");
            if (!demand.IsArray && Check(value, demand, path) is { } error)
                return error;
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
        if (schema.TryGetAttribute("not"u8, out var refused) && Check(value, refused, path) is null)
            return Say(path, "it meets a schema that it must not meet");
        if (!schema.TryGetAttribute("if"u8, out var condition))
            return null;
        var consequence = Check(value, condition, path) is null ? schema.GetAttribute("then"u8) : schema.GetAttribute("else"u8);
        return consequence.IsNull ? null : Check(value, consequence, path);
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
