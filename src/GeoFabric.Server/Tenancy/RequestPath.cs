using GeoFabric.Primitives.Errors;

namespace GeoFabric.Server.Tenancy;

/// <summary>
/// The many URL forms of the contract brought to one. A path may begin with <c>/_tenant/T</c>, go on with <c>/_fabric/F</c>, then with <c>_api</c> or
/// <c>_admin</c> or neither; slashes may repeat and one may trail.
/// </summary>
/// <param name="Tenant">Tenant named by the path, or null.</param>
/// <param name="Fabric">Fabric named by the path, or null for calls outside fabrics.</param>
/// <param name="Canonical">The path that routes are written for.</param>
internal sealed record RequestPath(string? Tenant, string? Fabric, string Canonical)
{
    /// <summary>Stands for the tenant in canonical paths whose request did not name one.</summary>
    public const string AnyTenant = "-";

    /// <param name="path">The path after percent-decoding, in which %2F stays as it is.</param>
    /// <exception cref="GeoFabricException">400 for segments that mean another place.</exception>
    public static RequestPath Parse(string path)
    {
        var rest = path.AsSpan();
        var first = NextSegment(ref rest);
        string? tenant = null;
        if (first.SequenceEqual("_tenant"))
        {
            tenant = NextSegment(ref rest).ToString();
            first = NextSegment(ref rest);
        }
        string? fabric = null;
        if (first.SequenceEqual("_fabric"))
        {
            fabric = NextSegment(ref rest).ToString();
            first = NextSegment(ref rest);
        }
        if (first.SequenceEqual("_api") || first.SequenceEqual("_admin"))
            first = NextSegment(ref rest);
        return fabric is null
            ? new RequestPath(tenant, null, Join("/", first, rest))
            : new RequestPath(tenant, fabric, Join($"/_tenant/{(tenant is null or "" ? AnyTenant : tenant)}/_fabric/{fabric}/", first, rest));
    }

    private static string Join(string prefix, ReadOnlySpan<char> first, ReadOnlySpan<char> rest)
    {
        // Most paths are clean after their first segment: then one concatenation is all.
        if (!rest.Contains("//", StringComparison.Ordinal) && !rest.EndsWith('/') && !rest.Contains('.'))
            return rest.IsEmpty ? $"{prefix}{first}" : $"{prefix}{first}{rest}";
        var joined = new System.Text.StringBuilder(prefix).Append(first);
        for (var segment = NextSegment(ref rest); !segment.IsEmpty; segment = NextSegment(ref rest))
        {
            if (segment is "." or "..")
                throw ErrorCodes.BadRequest.With("the path holds '.' or '..'");
            joined.Append('/').Append(segment);
        }
        return joined.ToString();
    }

    /// <summary>Takes the first segment off; empty at the end. What stays begins with a slash or is empty.</summary>
    private static ReadOnlySpan<char> NextSegment(ref ReadOnlySpan<char> rest)
    {
        rest = rest.TrimStart('/');
        var end = rest.IndexOf('/');
        var segment = end < 0 ? rest : rest[..end];
        rest = end < 0 ? default : rest[end..];
        return segment;
    }
}
