using System.Buffers;
using GeoFabric.Primitives.Values;

namespace GeoFabric.Primitives.Json;

/// <summary>Writes values as compact JSON in UTF-8.</summary>
public static class JsonValueWriter
{
    public static void Write(IBufferWriter<byte> destination, Value value) => throw new NotImplementedException();

    public static string ToJsonString(Value value) => throw new NotImplementedException();
}
