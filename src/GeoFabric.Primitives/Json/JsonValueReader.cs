using GeoFabric.Primitives.Values;

namespace GeoFabric.Primitives.Json;

/// <summary>Parses JSON in UTF-8 straight into the binary form.</summary>
public static class JsonValueReader
{
    /// <summary>Parses exactly one value. Throws a <see cref="Errors.GeoFabricException"/> (600) naming position and reason.</summary>
    public static Value Parse(ReadOnlySpan<byte> utf8) => throw new NotImplementedException();
}
