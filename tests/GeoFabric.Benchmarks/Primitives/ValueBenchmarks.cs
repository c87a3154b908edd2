using BenchmarkDotNet.Attributes;
using GeoFabric.Primitives.Keys;
using GeoFabric.Primitives.Values;

namespace GeoFabric.Benchmarks.Primitives;

/// <summary>What a row costs before any engine is involved: attributes read in place, JSON both ways, index keys. A document of 12 attributes, 390 bytes of JSON.</summary>
[MemoryDiagnoser]
public class ValueBenchmarks
{
    private static readonly byte[] Json = """
        {"_key":"P12345","name":"Jonas Hansen","email":"jonas.hansen1@example.com","city":"Graz","country":"AT","born":1980,"balance":1234.56,"isActive":true,
        "tags":["runner","reader","early bird"],"address":{"street":"Hauptplatz 1","zip":8010,"location":[47.0707,15.4395]},
        "about":"Writes letters by hand, and answers every one of them within a week, whatever the weather.","visits":48213}
        """u8.ToArray();

    private readonly PooledBuffer _output = new(1024);
    private readonly KeyWriter _key = new();
    private Value _document;

    [GlobalSetup]
    public void SetUp() => _document = JsonValueReader.Parse(Json);

    [GlobalCleanup]
    public void CleanUp() => _key.Dispose();

    [Benchmark]
    public double ReadNumber() => _document.GetAttribute("visits"u8).Number;

    [Benchmark]
    public double ReadNestedNumber() => _document.GetAttribute("address"u8).GetAttribute("zip"u8).Number;

    [Benchmark]
    public bool CompareStrings() => ValueComparer.Compare(_document.GetAttribute("city"u8), _document.GetAttribute("country"u8)) > 0;

    [Benchmark]
    public Value ParseJson() => JsonValueReader.Parse(Json);

    [Benchmark]
    public int WriteJson()
    {
        _output.Clear();
        JsonValueWriter.Write(_output, _document);
        return _output.WrittenCount;
    }

    /// <summary>The entry of an index on (country, born).</summary>
    [Benchmark]
    public int WriteKey()
    {
        _key.Clear();
        _key.Write(_document.GetAttribute("country"u8));
        _key.Write(_document.GetAttribute("born"u8));
        return _key.Length;
    }
}
