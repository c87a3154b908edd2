using System.Text;
using GeoFabric.Primitives.Values;
using GeoFabric.Server.Http;

namespace GeoFabric.Server.Endpoints.Collections;

/// <summary>Counts what the fields of documents hold. Bounded: fields, depth and remembered values each have a limit.</summary>
internal sealed class FieldTally
{
    private const int FieldsMax = 200;
    private const int DepthMax = 5;
    private const int ArrayItemsMax = 100;
    private const int ValuesMax = 1000;
    private const int ValueLengthMax = 60;
    private const int TopMax = 5;

    private static readonly string[] s_typeNames = ["null", "bool", "number", "string", "array", "object"];

    // In the order in which fields are met, which is the order of the answer.
    private readonly List<Field> _fields = [];
    private readonly Dictionary<string, Field> _byPath = new(StringComparer.Ordinal);

    public void Add(Value document)
    {
        foreach (var field in _fields)
            field.IsCounted = false;
        AddMembers("", document, 1);
    }

    /// <param name="documents">How many were added.</param>
    public Value Describe(int documents) => ObjectValue.List(_fields.Select(field => field.Describe(documents)));

    private void AddMembers(string prefix, Value value, int depth)
    {
        foreach (var (name, member) in value.Attributes)
            AddValue(prefix + Encoding.UTF8.GetString(name), member, depth);
    }

    private void AddValue(string path, Value value, int depth)
    {
        if (Find(path) is not { } field)
            return;
        field.Add(value);
        if (depth == DepthMax)
            return;
        if (value.IsObject)
        {
            AddMembers(path + ".", value, depth + 1);
        }
        else if (value.IsArray)
        {
            var position = 0;
            foreach (var item in value.Items)
            {
                if (position++ == ArrayItemsMax)
                    break;
                AddValue(path + "[*]", item, depth + 1);
            }
        }
    }

    private Field? Find(string path)
    {
        if (_byPath.TryGetValue(path, out var field))
            return field;
        if (_fields.Count == FieldsMax)
            return null;
        field = new Field(path);
        _byPath[path] = field;
        _fields.Add(field);
        return field;
    }

    private sealed class Field(string path)
    {
        private readonly long[] _types = new long[s_typeNames.Length];
        private readonly Dictionary<string, (Value Value, long Count)> _values = new(StringComparer.Ordinal);
        private long _documents;
        private Value? _least;
        private Value? _greatest;

        /// <summary>Whether the present document has been counted; an array's items are several values of one document.</summary>
        public bool IsCounted { get; set; }

        public void Add(Value value)
        {
            if (!IsCounted)
                _documents++;
            IsCounted = true;
            _types[(int)value.Kind]++;
            if (value.IsArray || value.IsObject || value.IsNull)
                return;
            var kept = value.IsString && value.Text.Length > ValueLengthMax ? Value.FromString(value.Text[..ValueLengthMax] + "...") : value.Detach();
            var text = kept.ToString();
            if (_values.TryGetValue(text, out var known))
                _values[text] = (known.Value, known.Count + 1);
            else if (_values.Count < ValuesMax)
                _values[text] = (kept, 1);
            if (!value.IsNumber && !value.IsString)
                return;
            if (_least is not { } least || ValueComparer.Compare(kept, least) < 0)
                _least = kept;
            if (_greatest is not { } greatest || ValueComparer.Compare(kept, greatest) > 0)
                _greatest = kept;
        }

        public Value Describe(int documents) => ObjectValue.Of(
            ("path", Value.FromString(path)),
            ("count", Value.FromInteger(_documents)),
            ("share", Value.FromDouble(documents == 0 ? 0 : Math.Round((double)_documents / documents, 4))),
            ("nulls", Value.FromInteger(_types[(int)ValueKind.Null])),
            ("types", ObjectValue.Of(s_typeNames.Select((name, kind) => (name, Count: _types[kind])).Where(type => type.Count > 0).Select(type => (type.name, Value.FromInteger(type.Count))))),
            ("min", _least ?? Value.Null),
            ("max", _greatest ?? Value.Null),
            ("top", ObjectValue.List(_values.OrderByDescending(entry => entry.Value.Count).ThenBy(entry => entry.Key, StringComparer.Ordinal).Take(TopMax)
                .Select(entry => ObjectValue.Of(("value", entry.Value.Value), ("count", Value.FromInteger(entry.Value.Count)))))));
    }
}
