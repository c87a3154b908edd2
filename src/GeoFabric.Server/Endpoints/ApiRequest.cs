using System.Buffers;
using System.Globalization;
using System.Text;
using GeoFabric.Database;
using GeoFabric.Database.Access;
using GeoFabric.Primitives.Errors;
using GeoFabric.Primitives.Json;
using GeoFabric.Primitives.Names;
using GeoFabric.Primitives.Values;
using GeoFabric.Query.Execution;
using GeoFabric.Server.Authentication;

namespace GeoFabric.Server.Endpoints;

/// <summary>One call: the HTTP exchange, who calls, and the fabric it is about.</summary>
public sealed class ApiRequest(HttpContext http, ServerServices services, Principal? principal, FabricDatabase? fabric, AccessScope? scope)
{
    public HttpContext Http => http;

    public ServerServices Services => services;

    public CancellationToken Aborted => http.RequestAborted;

    /// <summary>The caller; only on routes that ask for one.</summary>
    public Principal Principal => principal!;

    /// <summary>The fabric; only on fabric routes.</summary>
    public FabricDatabase Fabric => fabric!;

    /// <summary>The caller's rights in the fabric; only on fabric routes.</summary>
    public AccessScope Scope => scope!;

    public QueryCaller Caller => new(
        Fabric.Fabric.Id.ToString(CultureInfo.InvariantCulture), Fabric.Fabric.Name.Text, Principal.UserName);

    /// <summary>A parameter of the path.</summary>
    public string Path(string name) => (string)http.Request.RouteValues[name]!;

    public string? Text(string name) => http.Request.Query.TryGetValue(name, out var values) && values[0] is { Length: > 0 } text ? text : null;

    /// <summary>A boolean query parameter: true or 1, false or 0, in any letter case.</summary>
    public bool Flag(string name, bool defaultValue) => Text(name)?.ToUpperInvariant() switch
    {
        null => defaultValue,
        "TRUE" or "1" => true,
        "FALSE" or "0" => false,
        var other => throw ErrorCodes.BadParameter.With($"query parameter '{name}' is '{other}'; it takes true or false"),
    };

    public long Number(string name, long defaultValue) => Text(name) is not { } text
        ? defaultValue
        : long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? number
            : throw ErrorCodes.BadParameter.With($"query parameter '{name}' is '{text}'; it takes a number that is not negative");

    /// <summary>The body's JSON value; null for an empty body.</summary>
    public async ValueTask<Value> ReadBodyAsync()
    {
        var reader = http.Request.BodyReader;
        while (true)
        {
            var result = await reader.ReadAsync(Aborted);
            if (!result.IsCompleted)
            {
                reader.AdvanceTo(result.Buffer.Start, result.Buffer.End);
                continue;
            }
            var buffer = result.Buffer;
            try
            {
                if (buffer.IsEmpty)
                    return default;
                return buffer.IsSingleSegment ? JsonValueReader.Parse(buffer.FirstSpan) : JsonValueReader.Parse(buffer.ToArray());
            }
            finally
            {
                reader.AdvanceTo(buffer.End);
            }
        }
    }

    /// <summary>The body, which must be a JSON object; an empty one counts as {}.</summary>
    public async ValueTask<Value> ReadObjectAsync()
    {
        var body = await ReadBodyAsync();
        if (body.IsNull)
            return Value.EmptyObject;
        return body.IsObject ? body : throw ErrorCodes.BadParameter.With($"the body must be a JSON object, not {body.Kind.ToString().ToLowerInvariant()}");
    }

    /// <summary>A string member of a body object; null when it is missing or null.</summary>
    public static string? Member(Value body, ReadOnlySpan<byte> name)
    {
        if (!body.TryGetAttribute(name, out var value) || value.IsNull)
            return null;
        return value.IsString
            ? value.Text
            : throw ErrorCodes.BadParameter.With($"'{Encoding.UTF8.GetString(name)}' must be a string, not {value.Kind.ToString().ToLowerInvariant()}");
    }

    public static bool MemberFlag(Value body, ReadOnlySpan<byte> name, bool defaultValue)
    {
        if (!body.TryGetAttribute(name, out var value) || value.IsNull)
            return defaultValue;
        return value.IsBoolean
            ? value.IsTruthy
            : throw ErrorCodes.BadParameter.With($"'{Encoding.UTF8.GetString(name)}' must be true or false, not {value}");
    }

    public static double MemberNumber(Value body, ReadOnlySpan<byte> name, double defaultValue)
    {
        if (!body.TryGetAttribute(name, out var value) || value.IsNull)
            return defaultValue;
        return value.IsNumber
            ? value.Number
            : throw ErrorCodes.BadParameter.With($"'{Encoding.UTF8.GetString(name)}' must be a number, not {value}");
    }
}
