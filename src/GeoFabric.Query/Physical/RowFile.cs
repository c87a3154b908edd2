using GeoFabric.Primitives.Errors;
using GeoFabric.Primitives.Values;

namespace GeoFabric.Query.Physical;

/// <summary>
/// Rows that do not fit into the memory of an operator, in a nameless temporary file: written once, then read once from the start. Stored documents are
/// written as their place in the snapshot, which outlives the query; everything else by its bytes.
/// </summary>
internal sealed class RowFile : IDisposable
{
    private const int BufferBytes = 1 << 16;

    private readonly QueryContext _context;
    private readonly FileStream _stream;
    private readonly BinaryWriter _writer;
    private readonly BinaryReader _reader;
    private readonly List<DocumentSource> _sources = [];
    private long _bytes;
    private long _unread;

    private enum Form : byte
    {
        Null,
        Document,
        Encoded,
    }

    /// <exception cref="GeoFabricException">32 when there can be no temporary file.</exception>
    public RowFile(QueryContext context)
    {
        _context = context;
        try
        {
            var path = Path.Combine(context.Environment.SpillDirectory, "geofabric-query-" + Path.GetRandomFileName());
            _stream = new FileStream(path, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.None, BufferBytes);
            // Its space goes with the last handle, even if the process is killed.
            File.Delete(path);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw NoRoom(failure);
        }
        _writer = new BinaryWriter(_stream);
        _reader = new BinaryReader(_stream);
    }

    public long Rows { get; private set; }

    /// <exception cref="GeoFabricException">32 when the disk, or what the query may use of it, is full.</exception>
    public void Add(ReadOnlySpan<Value> row)
    {
        try
        {
            foreach (var value in row)
                Write(value);
            var bytes = _stream.Position;
            _context.ReserveSpill(bytes - _bytes);
            _bytes = bytes;
        }
        catch (IOException failure)
        {
            throw NoRoom(failure);
        }
        Rows++;
    }

    /// <summary>Ends the writing.</summary>
    public void Rewind()
    {
        try
        {
            _writer.Flush();
        }
        catch (IOException failure)
        {
            throw NoRoom(failure);
        }
        _stream.Position = 0;
        _unread = Rows;
    }

    /// <returns>False behind the last row.</returns>
    public bool TryRead(Span<Value> row)
    {
        if (_unread == 0)
            return false;
        foreach (ref var value in row)
            value = Read();
        _unread--;
        return true;
    }

    public void Dispose()
    {
        _context.ReleaseSpill(_bytes);
        _bytes = 0;
        _stream.Dispose();
    }

    private static GeoFabricException NoRoom(Exception failure) =>
        ErrorCodes.ResourceLimit.With($"the query needs a temporary file, which failed: {failure.Message}", failure);

    private void Write(Value value)
    {
        if (value.IsNull)
        {
            _writer.Write((byte)Form.Null);
        }
        else if (value.IsDocument)
        {
            _writer.Write((byte)Form.Document);
            var source = _sources.IndexOf(value.Source);
            if (source < 0)
            {
                source = _sources.Count;
                _sources.Add(value.Source);
            }
            _writer.Write7BitEncodedInt(source);
            var (address, length) = value.RecordAddress;
            _writer.Write((long)address);
            _writer.Write7BitEncodedInt(length);
        }
        else
        {
            var builder = _context.RentBuilder();
            builder.Write(value);
            _writer.Write((byte)Form.Encoded);
            _writer.Write7BitEncodedInt(builder.Written.Length);
            _writer.Write(builder.Written);
            _context.ReturnBuilder(builder);
        }
    }

    private Value Read()
    {
        switch ((Form)_reader.ReadByte())
        {
            case Form.Document:
                var source = _sources[_reader.Read7BitEncodedInt()];
                var address = (nint)_reader.ReadInt64();
                return Value.FromDocument(source, address, _reader.Read7BitEncodedInt());
            case Form.Encoded:
                return Value.Decode(_reader.ReadBytes(_reader.Read7BitEncodedInt()), 0);
            default:
                return Value.Null;
        }
    }
}
