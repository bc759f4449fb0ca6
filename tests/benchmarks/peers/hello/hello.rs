// hello-rust PORT: a thread for each connection, by the standard library alone. A head is read line by line and looked at
// for "Connection: close" only; the response is always the same, with a body of 1 KiB. No files.
use std::io::{BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::thread;

fn answer(kept: bool) -> Vec<u8> {
    let connection = if kept { "" } else { "Connection: close\r\n" };
    let head = format!("HTTP/1.1 200 OK\r\nServer: hello-rust\r\nContent-Type: text/html\r\n{connection}Content-Length: 1024\r\n\r\n");
    [head.as_bytes(), &[b'x'; 1024]].concat()
}

fn serve(mut stream: TcpStream, keeping: &[u8], closing: &[u8]) -> std::io::Result<()> {
    stream.set_nodelay(true)?;
    let mut reader = BufReader::new(stream.try_clone()?);
    let mut line = String::new();
    loop {
        let mut kept = true;
        loop {
            line.clear();
            if reader.read_line(&mut line)? == 0 {
                return Ok(());
            }
            match line.trim_end() {
                "" => break,
                field => kept &= !field.eq_ignore_ascii_case("connection: close"),
            }
        }
        stream.write_all(if kept { keeping } else { closing })?;
        if !kept {
            return Ok(());
        }
    }
}

fn main() -> std::io::Result<()> {
    let port = std::env::args().nth(1).expect("a port");
    let keeping: &'static [u8] = answer(true).leak();
    let closing: &'static [u8] = answer(false).leak();
    for stream in TcpListener::bind(format!("127.0.0.1:{port}"))?.incoming().flatten() {
        let _ = thread::Builder::new().stack_size(65536).spawn(move || serve(stream, keeping, closing));
    }
    Ok(())
}
