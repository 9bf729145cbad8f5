//! The templates are inside the executable; a change of one of them builds it anew.

fn main() {
    println!("cargo:rerun-if-changed=templates");
}
