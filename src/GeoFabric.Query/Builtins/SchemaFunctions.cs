using GeoFabric.Database.Schemas;
using GeoFabric.Primitives.Values;

namespace GeoFabric.Query.Builtins;

/// <summary>Checking documents against a schema.</summary>
public static class SchemaFunctions
{
    public static readonly FunctionDefinition[] Table =
    [
        new(
            "SCHEMA_VALIDATE", 2, 2, FunctionPurity.Pure, "Whether a document meets a schema { rule, message }, and what is wrong when it does not.",
            "SCHEMA_VALIDATE({ a: \"x\" }, { rule: { properties: { a: { type: \"number\" } } } })", "{\"valid\":false,\"errorMessage\":\"a: it must be number\"}", Validate),
    ];

    private static Value Validate(in FunctionCall call)
    {
        if (!call[0].IsObject || !(call[1].IsObject || call[1].IsNull))
            return call.WrongType();
        var error = call[1].GetAttribute("rule"u8) is { IsObject: true } rule ? JsonSchema.FindError(call[0], rule) : null;
        if (error is not null && call[1].GetAttribute("message"u8) is { IsString: true } message)
            error = message.Text;
        using var builder = new ValueBuilder(64);
        builder.BeginObject();
        builder.WriteAttribute("valid"u8, Value.FromBoolean(error is null));
        if (error is not null)
            builder.WriteAttribute("errorMessage"u8, Value.FromString(error));
        builder.EndObject();
        return ObjectShapeFunctions.Finish(call, builder);
    }
}
